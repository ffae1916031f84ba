"""Pairing of notes with note-offs and silencing messages in other tracks, since players merge all tracks."""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass

from .pairing import LooseNoteOff
from .score import Rank, Track, TurnCounter

EVERYWHERE = -1


@dataclass(slots=True)
class Silence:
    """A message that ends all notes of a channel, or of all channels."""

    tick: int
    turn: int
    part: int  # port << 4 | channel, or EVERYWHERE

    def place(self, track: int) -> tuple:
        rank = Rank.SYSTEM_EXCLUSIVE if self.part == EVERYWHERE else Rank.CONTROL
        return (self.tick, track, self.turn, rank)


class PairingAcrossTracks:
    def __init__(self):
        self._note_offs: list[tuple[int, LooseNoteOff]] = []  # (track, note-off)
        self._hanging: list[tuple[int, int]] = []  # (track, note)
        self._silences: list[tuple[int, Silence]] = []

    def append(self, track: int, note_offs: list, hanging: list, silences: list) -> None:
        self._note_offs += [(track, note_off) for note_off in note_offs]
        self._hanging += [(track, note) for note in hanging]
        self._silences += [(track, silence) for silence in silences]

    def mend(self, tracks: list[Track]) -> None:
        if len(tracks) < 2:
            return
        keys = self._silenced_keys(tracks)
        if self._hanging and self._note_offs:
            keys |= {tracks[t].notes[n].key for t, n in self._hanging} & {off.key for _, off in self._note_offs}
        if keys:
            self._pair(keys, tracks)

    def _silenced_keys(self, tracks: list[Track]) -> set[int]:
        """The keys of the notes that a silencing message interrupts."""
        places: dict[int, list] = {}
        for track, silence in self._silences:
            places.setdefault(silence.part, []).append(silence.place(track))
        for part in places.values():
            part.sort()
        keys = set()
        for index, track in enumerate(tracks) if places else ():
            for note in track.notes:
                start = (note.onset, index, note.onset_turn, Rank.NOTE_START)
                for part in (note.part, EVERYWHERE):
                    part_places = places.get(part, ())
                    following = bisect_right(part_places, start)
                    if following < len(part_places) and part_places[following][0] < note.end:
                        keys.add(note.key)
        return keys

    def _pair(self, keys: set[int], tracks: list[Track]) -> None:
        presses: dict[int, _Presses] = {key: _Presses() for key in keys}
        for place, kind, key, note in self._events(keys, tracks):
            tick, track, turn, _ = place
            if kind == "start":
                presses[key].append(track, note)
            elif kind == "end":
                found = presses[key].pop(track)
                if found:
                    _end(tracks, found, tick, turn)
            else:
                for key_ in keys:
                    if key in (EVERYWHERE, key_ >> 7):
                        while found := presses[key_].pop():
                            self._silence(tracks, found, place)
        for key in presses.values():
            for note in key.sounding():
                _end(tracks, note, tracks[note[0]].end, TurnCounter.LAST)

    def _events(self, keys: set[int], tracks: list[Track]) -> list[tuple]:
        events, hanging = [], set(self._hanging)
        for index, track in enumerate(tracks):
            for number, note in enumerate(track.notes):
                if note.key not in keys:
                    continue
                events.append(((note.onset, index, note.onset_turn, Rank.NOTE_START), "start", note.key, number))
                if (index, number) not in hanging:
                    rank = Rank.NOTE_END if note.end > note.onset else Rank.EMPTY_NOTE_END
                    events.append(((note.end, index, note.end_turn, rank), "end", note.key, None))
        for track, off in self._note_offs:
            if off.key in keys:
                events.append(((off.tick, track, off.turn, Rank.NOTE_END), "end", off.key, None))
        for track, silence in self._silences:
            events.append((silence.place(track), "silence", silence.part, None))
        return sorted(events, key=lambda event: event[0])

    @staticmethod
    def _silence(tracks: list[Track], found: tuple[int, int], place: tuple) -> None:
        tick, track, turn, _ = place
        started = tracks[found[0]].notes[found[1]]
        # In its own track the note ends after the message, in another at the start of the tick: a note of the same key
        # that starts there is a new one.
        if track == found[0]:
            turn = min(turn + 1, TurnCounter.LAST)
        else:
            turn = started.onset_turn if tick == started.onset else 0
        _end(tracks, found, tick, turn)


def _end(tracks: list[Track], found: tuple[int, int], tick: int, turn: int) -> None:
    track = tracks[found[0]]
    note = track.notes[found[1]]
    note.end, note.end_turn = tick, turn
    track.end = max(track.end, tick)


class _Presses:
    """The sounding notes of a key. A note-off ends the earliest of its own track, or if there is none, of all tracks."""

    def __init__(self):
        self._all: deque = deque()
        self._by_track: dict[int, deque] = {}
        self._ended: set = set()

    def append(self, track: int, note: int) -> None:
        self._all.append((track, note))
        self._by_track.setdefault(track, deque()).append((track, note))

    def pop(self, track: int | None = None) -> tuple[int, int] | None:
        for queue in (self._by_track.get(track, ()), self._all):
            while queue:
                note = queue.popleft()
                if note not in self._ended:
                    self._ended.add(note)
                    return note
        return None

    def sounding(self) -> list[tuple[int, int]]:
        return [note for note in self._all if note not in self._ended]
