"""The state of keys and pedals, and the canonical token stream of the sounding notes."""

from dataclasses import dataclass, field
from enum import Enum, auto

from .vocabulary import LONGEST_SHIFT, NOTE_OFF, TIME_SHIFT, VELOCITY_CHANGE


class Pedals(Enum):
    SUSTAIN_DOWN = auto()
    SUSTAIN_UP = auto()
    SOSTENUTO_DOWN = auto()
    SOSTENUTO_UP = auto()
    ALL_UP = auto()
    ALL_NOTES_OFF = auto()
    ALL_SOUND_OFF = auto()


@dataclass(slots=True)
class _Channel:
    is_sustaining: bool = False
    is_sostenuto_down: bool = False
    down: set[int] = field(default_factory=set)
    ringing: set[int] = field(default_factory=set)  # keys that a pedal sustains after their release; may contain others
    caught: set[int] = field(default_factory=set)  # keys that were down when the sostenuto pedal was pressed
    serials: dict[int, int] = field(default_factory=dict)  # of the note started by each key


class KeyState:
    """Processes key and pedal events, in the order of their times in ticks of 1/64 s."""

    def __init__(self):
        self._writer = TokenWriter()
        self._channels: dict[int, _Channel] = {}

    def advance(self, tick: int) -> None:
        self._writer.advance(tick)

    def finish(self) -> list[int]:
        return self._writer.finish()

    def note_on(self, tick: int, part: int, pitch: int, level: int) -> None:
        self._writer.advance(tick)
        channel = self._channel(part)
        channel.down.add(pitch)
        channel.serials[pitch] = self._writer.start(pitch, level, channel.serials.get(pitch, 0))

    def note_off(self, tick: int, part: int, pitch: int) -> None:
        self._writer.advance(tick)
        self._release(self._channel(part), pitch)

    def control(self, tick: int, part: int, pedals: Pedals) -> None:
        self._writer.advance(tick)
        self._apply(self._channel(part), pedals)

    def reset(self, tick: int) -> None:
        """Releases the pedals and ends all notes, on all channels."""
        self._writer.advance(tick)
        for channel in self._channels.values():
            self._apply(channel, Pedals.ALL_UP)
            self._apply(channel, Pedals.ALL_SOUND_OFF)

    def _channel(self, part: int) -> _Channel:
        return self._channels.setdefault(part, _Channel())

    def _release(self, channel: _Channel, pitch: int) -> None:
        channel.down.discard(pitch)
        if channel.is_sustaining or pitch in channel.caught:
            channel.ringing.add(pitch)
        else:
            self._silence(channel, pitch)

    def _silence(self, channel: _Channel, pitch: int) -> None:
        self._writer.end(pitch, channel.serials.pop(pitch, 0))

    def _apply(self, channel: _Channel, pedals: Pedals) -> None:
        if pedals is Pedals.SUSTAIN_DOWN:
            channel.is_sustaining = True
        elif pedals is Pedals.SUSTAIN_UP:
            channel.is_sustaining = False
            self._damp(channel)
        elif pedals is Pedals.SOSTENUTO_DOWN:
            if not channel.is_sostenuto_down:
                channel.is_sostenuto_down, channel.caught = True, set(channel.down)
        elif pedals is Pedals.SOSTENUTO_UP:
            channel.is_sostenuto_down, channel.caught = False, set()
            self._damp(channel)
        elif pedals is Pedals.ALL_UP:
            self._apply(channel, Pedals.SUSTAIN_UP)
            self._apply(channel, Pedals.SOSTENUTO_UP)
        else:
            for pitch in list(channel.down):
                self._release(channel, pitch)
            if pedals is Pedals.ALL_SOUND_OFF:
                ringing, channel.ringing = channel.ringing, set()
                for pitch in ringing:
                    self._silence(channel, pitch)
                # Notes that start later are not held by the sostenuto pedal.
                channel.caught = set()

    def _damp(self, channel: _Channel) -> None:
        """Ends the notes that are no longer held by a key or pedal."""
        if channel.is_sustaining:
            return
        ringing, channel.ringing = channel.ringing, set()
        for pitch in ringing:
            if pitch in channel.caught:
                channel.ringing.add(pitch)
            elif pitch not in channel.down:
                self._silence(channel, pitch)


@dataclass(slots=True)
class _Pitch:
    """The most recent note of a pitch."""

    holders: int = 0  # the number of channels that hold it
    serial: int = 0  # identifies the note: a channel can only end the note that it started
    onset: int = -1


class TokenWriter:
    """Writes the canonical token stream.

    At most one note of each pitch sounds at a time, a note lasts at least one tick, and the tokens of a tick are sorted.
    """

    def __init__(self):
        self._tokens: list[int] = []
        self._tick = self._written_tick = 0
        self._level = -1
        self._ends: set[int] = set()  # pitches that end in this tick
        self._starts: dict[int, int] = {}  # levels of the pitches that start in this tick
        self._next_ends: set[int] = set()  # pitches that started and ended in this tick, and are to end in the next
        self._pitches = [_Pitch() for _ in range(128)]

    def advance(self, tick: int) -> None:
        if tick <= self._tick:
            return
        self._write_tick()
        if self._next_ends:
            self._tick += 1
            self._ends, self._next_ends = self._next_ends, set()
            if tick > self._tick:
                self._write_tick()
        self._tick = tick

    def start(self, pitch: int, level: int, held: int) -> int:
        """Starts a note on behalf of a channel, and returns its serial number.

        `held` is the serial number of the note of this pitch that the channel already holds, or 0.
        """
        note = self._pitches[pitch]
        if note.onset < self._tick:
            if note.holders > 0:
                self._ends.add(pitch)
            self._starts[pitch] = level
            note.holders, note.serial, note.onset = 1, note.serial + 1, self._tick
            return note.serial
        # Notes of the same pitch and onset are merged, with the highest level and the latest end.
        self._starts[pitch] = max(self._starts[pitch], level)
        self._next_ends.discard(pitch)
        if held != note.serial:
            note.holders += 1
        return note.serial

    def end(self, pitch: int, serial: int) -> None:
        note = self._pitches[pitch]
        if serial != note.serial or note.holders == 0:
            return
        note.holders -= 1
        if note.holders == 0:
            self._end(pitch)

    def _end(self, pitch: int) -> None:
        (self._next_ends if self._pitches[pitch].onset == self._tick else self._ends).add(pitch)

    def finish(self) -> list[int]:
        """Ends all sounding notes, and returns the tokens."""
        for pitch, note in enumerate(self._pitches):
            if note.holders > 0:
                note.holders = 0
                self._end(pitch)
        self.advance(self._tick + 2)
        return self._tokens

    def _write_tick(self) -> None:
        if not self._ends and not self._starts:
            return
        shift, self._written_tick = self._tick - self._written_tick, self._tick
        while shift > 0:
            self._tokens.append(TIME_SHIFT - 1 + min(shift, LONGEST_SHIFT))
            shift -= LONGEST_SHIFT
        self._tokens += [NOTE_OFF + pitch for pitch in sorted(self._ends)]
        for level, pitch in sorted((level, pitch) for pitch, level in self._starts.items()):
            if level != self._level:
                self._tokens.append(VELOCITY_CHANGE + level)
                self._level = level
            self._tokens.append(pitch)
        self._ends, self._starts = set(), {}
