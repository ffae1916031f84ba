"""Scores: the contents of MIDI files."""

from dataclasses import dataclass, field
from enum import IntEnum


class MIDIError(ValueError):
    """The file is not a MIDI file, or is too damaged to be read."""


class Rank(IntEnum):
    """The order of events within a turn."""

    NOTE_END, SYSTEM_EXCLUSIVE, CONTROL, NOTE_START, EMPTY_NOTE_END = range(5)


class TurnCounter:
    """Assigns the events of a track to turns, which record the order of events at the same tick.

    The events of a turn are in the order of `Rank`; an event out of that order begins a new turn.
    """

    LAST = 255

    def __init__(self):
        self.tick, self.turn, self.rank = -1, 0, Rank.NOTE_END

    def peek(self, rank: Rank, tick: int) -> int:
        if tick != self.tick:
            return 0
        return self.turn + 1 if rank < self.rank and self.turn < self.LAST else self.turn

    def next(self, rank: Rank, tick: int) -> int:
        self.turn = self.peek(rank, tick)
        self.tick, self.rank = tick, rank
        return self.turn


@dataclass(slots=True)
class Note:
    onset: int
    end: int
    pitch: int
    velocity: int
    channel: int
    port: int = 0
    onset_turn: int = 0
    end_turn: int = 0

    @property
    def part(self) -> int:
        """The channel and port as one number."""
        return self.port << 4 | self.channel

    @property
    def key(self) -> int:
        return self.part << 7 | self.pitch


@dataclass(slots=True)
class Control:
    """A channel message other than a note."""

    tick: int
    status: int  # status byte, including the channel
    data: tuple[int, int]
    port: int = 0
    turn: int = 0


@dataclass(slots=True)
class SystemExclusive:
    tick: int
    data: bytes  # without F0 and F7
    port: int = 0
    turn: int = 0


@dataclass
class Track:
    notes: list[Note] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    system_exclusives: list[SystemExclusive] = field(default_factory=list)
    end: int = 0


@dataclass
class Score:
    tempo_map: "TempoMap"  # noqa: F821
    tracks: list[Track]
