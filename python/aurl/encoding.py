"""Encoding of scores as tokens (docs/tokens.md, "What encoding does")."""

from bisect import bisect_right
from collections import Counter
from typing import Callable, Iterable

import numpy

from .keys import KeyState, Pedals
from .midi import devices
from .midi.score import Control, Note, Rank, Score
from .vocabulary import TICKS_PER_SECOND, level_of

_LATEST_TICK = 1 << 50
_LONGEST = 36_000_000  # seconds

# The kinds of events. A void event is a note-off without effect: its key is not down, or was pressed again.
_ON, _OFF, _VOID, _CONTROL, _EXCLUSIVE = range(5)


def encode(
    score: Score, *, pedal: bool = True, drums: bool = False, tracks: Iterable[int] | None = None,
    channels: Iterable[int] | None = None,
) -> numpy.ndarray:  # fmt: skip
    """Encodes a score as uint16 tokens, the same as those of `aurl encode`.

    With `pedal=False` notes end when their keys are released, and with `drums=True` drums are included. `tracks` and
    `channels`, both counted from 0, select tracks and channels. Raises ValueError if the score lasts more than 10,000
    hours.
    """
    is_chosen = _selection(score, drums, tracks, channels)
    events = _pressed(_events(score, is_chosen, lambda control: _pedals(control, pedal) is not None))
    if not events:
        return numpy.zeros(0, numpy.uint16)
    if score.tempo_map.seconds(events[-1][0]) > _LONGEST:
        raise ValueError("the score lasts more than 10,000 hours: its times are damaged")
    parts = {event.part for _, kind, event in events if kind == _ON}
    keys = KeyState()
    for tick, kind, event in events:
        step = score.tempo_map.step(tick, TICKS_PER_SECOND)
        if kind == _ON:
            keys.note_on(step, event.part, event.pitch, level_of(event.velocity))
        elif kind == _OFF:
            keys.note_off(step, event.part, event.pitch)
        elif kind == _VOID:
            # The duration includes events without effect.
            keys.advance(step)
        elif kind == _EXCLUSIVE:
            if devices.is_reset(event.data):
                keys.reset(step)
        elif _part(event) in parts:
            # Pedals have no effect on a channel without notes.
            keys.control(step, _part(event), _pedals(event, pedal))
    return numpy.array(keys.finish(), numpy.uint16)


def _part(control: Control) -> int:
    return control.port << 4 | control.status & 0x0F


def _pedals(control: Control, pedal: bool) -> Pedals | None:
    """The effect of a control change on keys and pedals; None if it has no effect on them."""
    if control.status & 0xF0 != 0xB0:
        return None
    controller, value = control.data
    if controller == 120:
        return Pedals.ALL_SOUND_OFF
    if controller >= 123:
        return Pedals.ALL_NOTES_OFF
    if not pedal:
        return None
    if controller == 64:
        return Pedals.SUSTAIN_DOWN if value >= 64 else Pedals.SUSTAIN_UP
    if controller == 66:
        return Pedals.SOSTENUTO_DOWN if value >= 64 else Pedals.SOSTENUTO_UP
    return Pedals.ALL_UP if controller == 121 else None


# Event order


def _events(
    score: Score, is_note_chosen: Callable[[int, Note], bool], is_control_chosen: Callable[[Control], bool]
) -> list[tuple]:
    """The events of a score, each (tick, kind, note or message, track, turn), in playback order.

    Events are ordered by tick, then by track; within a track they keep the order of the file, given by turns and ranks.
    """
    merged = []
    for number, track in enumerate(score.tracks):
        events = []

        def add(tick, turn, rank, kind, event):
            events.append((min(max(0, tick), _LATEST_TICK), turn, rank, kind, event))

        for note in track.notes:
            if not is_note_chosen(number, note):
                continue
            add(note.onset, note.onset_turn, Rank.NOTE_START, _ON, note)
            if note.end <= note.onset:
                turn = max(note.onset_turn, note.end_turn)
                add(note.onset, turn, Rank.EMPTY_NOTE_END, _OFF, note)
            else:
                add(note.end, note.end_turn, Rank.NOTE_END, _OFF, note)
        for message in track.system_exclusives:
            add(message.tick, message.turn, Rank.SYSTEM_EXCLUSIVE, _EXCLUSIVE, message)
        for control in track.controls:
            if is_control_chosen(control):
                add(control.tick, control.turn, Rank.CONTROL, _CONTROL, control)
        events.sort(key=lambda event: event[:3])
        merged += [(tick, kind, event, number, turn) for tick, turn, _, kind, event in events]
    merged.sort(key=lambda event: event[0])
    return merged


def _pressed(events: list[tuple]) -> list[tuple]:
    """Adds a note-off before each note-on of a key that is already down.

    The key then counts as down until it has received as many note-offs as note-ons.
    """
    counts: Counter = Counter()
    result = []
    for tick, kind, event, *_ in events:
        if kind == _ON:
            if counts[event.key]:
                result.append((tick, _OFF, event))
            counts[event.key] += 1
        elif kind == _OFF:
            if counts[event.key]:
                counts[event.key] -= 1
                kind = _VOID if counts[event.key] else _OFF
            else:
                kind = _VOID
        elif kind == _CONTROL:
            if event.status & 0xF0 == 0xB0 and (event.data[0] == 120 or event.data[0] >= 123):
                part = _part(event)
                for key in [key for key in counts if key >> 7 == part]:
                    del counts[key]
        elif devices.is_reset(event.data):
            counts.clear()
        result.append((tick, kind, event))
    return result


# Selection of notes


def _selection(score: Score, drums: bool, tracks, channels) -> Callable[[int, Note], bool]:
    tracks = None if tracks is None else set(tracks)
    channels = None if channels is None else set(channels)
    is_drum = _drums(score)

    def is_chosen(track: int, note: Note) -> bool:
        if tracks is not None and track not in tracks:
            return False
        if channels is not None:
            return note.channel in channels
        return drums or not is_drum(track, note)

    return is_chosen


def _may_move_drums(meaning: tuple) -> bool:
    return meaning[0] == devices.RHYTHM_PART or meaning[1] in (devices.GM2, devices.XG)


def _drums(score: Score) -> Callable[[int, Note], bool]:
    """Returns a function that tells whether a note is a drum note: channel 10, unless system exclusive messages or bank
    selects of the score assign drums to other channels."""
    messages = (message.data for track in score.tracks for message in track.system_exclusives)
    if not any(_may_move_drums(meaning) for data in messages for meaning in devices.meanings(data)):
        return lambda track, note: note.channel == devices.DRUMS
    rhythm = devices.RhythmParts()
    changes: dict[int, list] = {}  # by part: positions, and whether the part has drums from there on
    for tick, kind, event, track, turn in _events(score, lambda *_: False, lambda _: True):
        if kind == _EXCLUSIVE:
            changed = rhythm.apply_system_exclusive(event.port, event.data)
        else:
            changed = rhythm.apply_control(_part(event), event.status, event.data)
        for part in changed:
            changes.setdefault(part, []).append(((tick, track, turn), rhythm.contains(part)))

    def is_drum(track: int, note: Note) -> bool:
        # Messages precede the notes that start in the same turn.
        found = changes.get(note.part, [])
        place = bisect_right(found, (note.onset, track, note.onset_turn), key=lambda change: change[0])
        return found[place - 1][1] if place else note.channel == devices.DRUMS

    return is_drum
