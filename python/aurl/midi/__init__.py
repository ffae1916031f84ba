"""Reading of MIDI files, by the same rules as `aurl` (docs/midi-files.md), and writing of decoded tokens.

Damaged files are repaired. Repairs are not reported; use `aurl inspect` for that.
"""

from pathlib import Path

from .chunks import read_bytes
from .score import MIDIError, Score
from .writing import write_midi

__all__ = ["MIDIError", "Score", "read_bytes", "read_midi", "write_midi"]


def read_midi(path, sequence: int = 1) -> Score:
    """Reads a MIDI, RMID or gzip-compressed MIDI file. `sequence` selects a sequence of a format 2 file, counted from 1.

    Raises MIDIError if the file is not a MIDI file.
    """
    try:
        return read_bytes(Path(path).read_bytes(), sequence)
    except MIDIError as error:
        raise MIDIError(f"{path}: {error}") from None
