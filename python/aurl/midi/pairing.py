"""Pairing of note-ons and note-offs within a track, first in, first out for each key."""

from collections import deque
from dataclasses import dataclass

from .score import Note, Rank, TurnCounter


@dataclass(slots=True)
class LooseNoteOff:
    """A note-off without a sounding note in its track."""

    tick: int
    key: int
    turn: int


class Pairing:
    def __init__(self):
        self.notes: list[Note] = []
        self.turns = TurnCounter()
        self.note_offs: list[LooseNoteOff] = []
        self.hanging: list[int] = []  # indices of the notes without a note-off
        self._ports = [0]
        self._sounding: dict[int, deque[int]] = {}
        # The last tick at which each key had a note-off without a sounding note, and the notes that start at that tick: the
        # two may be in reverse order.
        self._orphans: dict[int, int] = {}
        self._suspects: dict[int, list[int]] = {}

    def select(self, port: int) -> None:
        if port not in self._ports:
            self._ports.append(port)

    def note_on(self, port: int, channel: int, pitch: int, velocity: int, tick: int) -> None:
        turn = self.turns.next(Rank.NOTE_START, tick)
        note = Note(tick, -1, pitch, velocity, channel, port, turn)
        index = len(self.notes)
        self.notes.append(note)
        if self._orphans.get(note.key) == tick:
            self._suspects.setdefault(note.key, []).append(index)
        self._sounding.setdefault(note.key, deque()).append(index)

    def note_off(self, port: int, channel: int, pitch: int, tick: int) -> None:
        key = (port << 4 | channel) << 7 | pitch
        if self._sounding.get(key):
            self._end_first(key, tick)
        else:
            self._orphans[key] = tick
            self.note_offs.append(LooseNoteOff(tick, key, self.turns.peek(Rank.NOTE_END, tick)))

    def _end_first(self, key: int, tick: int) -> None:
        queue = self._sounding[key]
        note = self.notes[queue.popleft()]
        if not queue:
            self._suspects.pop(key, None)
        note.end = tick
        note.end_turn = self.turns.next(Rank.EMPTY_NOTE_END if note.onset == tick else Rank.NOTE_END, tick)

    def end_channel(self, port: int, channel: int, tick: int) -> None:
        first = (port << 4 | channel) << 7
        for key in range(first, first + 128):
            while self._sounding.get(key):
                self._end_first(key, tick)

    def end_all(self, tick: int) -> None:
        for port in self._ports:
            for channel in range(16):
                self.end_channel(port, channel, tick)

    def close_all(self, tick: int) -> None:
        """Ends the track: closes all sounding notes."""
        self._mend_reversals(tick)
        for port in self._ports:
            for key in range(port << 11, port + 1 << 11):
                self.hanging += self._sounding.get(key, ())
        self.end_all(tick)

    def _mend_reversals(self, tick: int) -> None:
        """Repairs zero-length notes whose note-off precedes the note-on, as some programs write them.

        If notes of such a key have no note-off, the ends are assigned again.
        """
        last = (tick, self.turns.peek(Rank.NOTE_END, tick))
        for key, suspects in self._suspects.items():
            sounding = self._sounding.get(key)
            if not sounding:
                continue
            chain = [i for i in range(suspects[0], len(self.notes)) if self.notes[i].key == key]
            closed = [i for i in chain if i < sounding[0]]
            open_count = len(chain) - len(closed)
            reversed_ = set(suspects[:open_count])
            ends = [(self.notes[i].end, self.notes[i].end_turn) for i in closed]
            ends += [last] * (open_count - len(reversed_))
            others = [i for i in chain if i not in reversed_]
            if any(self.notes[i].onset > end[0] for i, end in zip(others, ends)):
                continue
            for i, end in zip(others, ends):
                self.notes[i].end, self.notes[i].end_turn = end
            for i in reversed_:
                self.notes[i].end, self.notes[i].end_turn = self.notes[i].onset, self.notes[i].onset_turn
            sounding.clear()
