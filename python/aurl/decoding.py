"""Decoding of tokens to notes (docs/tokens.md, "What decoding does")."""

from collections import Counter
from dataclasses import dataclass, field

from .vocabulary import NOTE_OFF, TIME_SHIFT, TOKENS, VELOCITIES, VELOCITY_CHANGE

_MF = 3


@dataclass
class TokenNote:
    """A note; `onset` and `end` are in ticks of 1/64 s, `level` is from 0 (pp) to 5 (ff)."""

    onset: int
    end: int
    pitch: int
    level: int

    @property
    def velocity(self) -> int:
        return VELOCITIES[self.level]


@dataclass
class Decoded:
    notes: list[TokenNote] = field(default_factory=list)
    duration: int = 0  # in ticks of 1/64 s, including any silence after the last note
    repairs: Counter = field(default_factory=Counter)  # counts by kind, with the names of `aurl decode`


def decode(tokens) -> Decoded:
    """Decodes any sequence of ids 0…773.

    Inconsistent tokens, such as a note-off without a note, are repaired and counted in `repairs`. Raises ValueError for
    other ids.
    """
    result, notes, level, time = Decoded(), [], None, 0
    last: list[TokenNote | None] = [None] * 128
    is_open = [False] * 128
    for index, token in enumerate(tokens):
        token = int(token)
        if not 0 <= token < TOKENS:
            raise ValueError(f"token {index} is {token}, which is not one of the ids 0…{TOKENS - 1}")
        if token >= VELOCITY_CHANGE:
            level = token - VELOCITY_CHANGE
        elif token >= TIME_SHIFT:
            time += token - TIME_SHIFT + 1
        elif token >= NOTE_OFF:
            pitch = token - NOTE_OFF
            note = last[pitch]
            if note is None or not is_open[pitch]:
                result.repairs["orphanNoteOff"] += 1
                continue
            if note.onset == time:
                result.repairs["zeroLengthNote"] += 1
            note.end, is_open[pitch] = max(time, note.onset + 1), False
        else:
            if level is None:
                result.repairs["missingVelocity"] += 1
                level = _MF
            note = last[token]
            if is_open[token]:
                result.repairs["restrike"] += 1
            if note is not None and note.onset == time:
                # Two notes of the same pitch and onset are merged.
                note.level, is_open[token] = max(note.level, level), True
                continue
            if note is not None and is_open[token]:
                note.end = time
            last[token], is_open[token] = TokenNote(time, time, token, level), True
            notes.append(last[token])
    for pitch in range(128):
        if is_open[pitch]:
            result.repairs["openAtEnd"] += 1
            last[pitch].end = max(time, last[pitch].onset + 1)
    result.notes, result.duration = notes, time
    return result
