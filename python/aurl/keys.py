"""What keys and pedals do to the sound, and the canonical stream of what sounds."""

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
    ringing: set[int] = field(default_factory=set)  # all keys that are up and that a pedal lets ring, perhaps more
    caught: set[int] = field(default_factory=set)  # by the sostenuto pedal when it went down
    serials: dict[int, int] = field(default_factory=dict)  # of the note that each key started


class KeyState:
    """Takes what keys and pedals do, by rising ticks of 1/64 s."""

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
        """Pedals come up and every sound ends, on all channels."""
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
                # What starts from now on is not what the pedal caught.
                channel.caught = set()

    def _damp(self, channel: _Channel) -> None:
        """Ends what rings and no pedal holds any longer."""
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
    """The latest note of a pitch."""

    holders: int = 0  # how many channels hold it
    serial: int = 0  # tells a channel whether the note it started is still the one that sounds
    onset: int = -1


class TokenWriter:
    """One pitch sounds once, a note lasts at least a tick, and the tokens of a tick stand in their order."""

    def __init__(self):
        self._tokens: list[int] = []
        self._tick = self._written_tick = 0
        self._level = -1
        self._ends: set[int] = set()  # in this tick
        self._starts: dict[int, int] = {}  # in this tick: the level of each pitch
        self._next_ends: set[int] = set()  # of notes that started in this tick: they last until the next
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
        """A channel starts a pitch, and `held` is the serial number of the note of it that it holds, or 0; returns the
        serial number of the note."""
        note = self._pitches[pitch]
        if note.onset < self._tick:
            if note.holders > 0:
                self._ends.add(pitch)
            self._starts[pitch] = level
            note.holders, note.serial, note.onset = 1, note.serial + 1, self._tick
            return note.serial
        # Notes of one pitch and one onset are one: the loudest level, the longest end.
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
        """Ends everything that sounds, and returns the tokens."""
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
