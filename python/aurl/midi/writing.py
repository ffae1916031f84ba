"""Writing of decoded tokens as MIDI files, byte by byte as `aurl decode` does."""

from pathlib import Path

from ..vocabulary import TICKS_PER_SECOND

TICKS_PER_QUARTER = 480
_LONGEST_DELTA = 0x0FFFFFFF  # the largest delta time of a file
_EMPTY_TEXT = b"\xff\x01\x00"


def write_midi(path, notes, duration: int = 0, tempo: float = 120, program: int = 0) -> None:
    """Writes the notes of `decode` to a file; see `midi_bytes` for the parameters."""
    Path(path).write_bytes(midi_bytes(notes, duration, tempo, program))


def midi_bytes(notes, duration: int = 0, tempo: float = 120, program: int = 0) -> bytes:
    """Returns a MIDI file with one track.

    `duration` is that of the token stream, in ticks of 1/64 s. `tempo`, in quarter notes per minute, affects only the
    notation: times are within 1/960 s of those of the stream at any tempo. Raises ValueError for a tempo outside
    10…1000.
    """
    if not 10 <= tempo <= 1000:
        raise ValueError(f"the tempo must be 10…1000 quarter notes per minute, not {tempo}")
    microseconds = int(60_000_000 / tempo + 0.5)
    ticks_per_quarter = TICKS_PER_QUARTER * max(1, -int(-120 / tempo // 1))

    def tick(step: int) -> int:
        numerator, denominator = step * 1_000_000 * ticks_per_quarter, TICKS_PER_SECOND * microseconds
        return (2 * numerator + denominator) // (2 * denominator)

    # Order within a tick: note-offs, the program change, note-ons.
    events = [(0, 0, b"\xff\x51\x03" + microseconds.to_bytes(3, "big")), (0, 2, bytes([0xC0, program]))]
    for note in notes:
        events.append((tick(note.onset), 3, bytes([0x90, note.pitch, note.velocity])))
        events.append((tick(note.end), 1, bytes([0x80, note.pitch, 64])))
    events.sort(key=lambda event: event[:2])
    track, last = bytearray(), 0
    end = max([tick(duration)] + [tick(note.end) for note in notes])
    for time, _, message in [*events, (end, 0, b"\xff\x2f\x00")]:
        while time - last > _LONGEST_DELTA:
            track += _variable_length(_LONGEST_DELTA) + _EMPTY_TEXT
            last += _LONGEST_DELTA
        track += _variable_length(time - last) + message
        last = time
    header = b"MThd" + b"".join(value.to_bytes(size, "big") for value, size in ((6, 4), (0, 2), (1, 2)))
    return header + ticks_per_quarter.to_bytes(2, "big") + b"MTrk" + len(track).to_bytes(4, "big") + bytes(track)


def _variable_length(value: int) -> bytes:
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))
