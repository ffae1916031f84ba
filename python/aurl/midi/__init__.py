"""Reading MIDI files as `aurl` reads them, damaged ones included (docs/midi-files.md), and writing what tokens decode to.

What was repaired is not reported; `aurl inspect` does.
"""

from pathlib import Path

from .chunks import read_bytes
from .score import MIDIError, Score
from .writing import write_midi

__all__ = ["MIDIError", "Score", "read_bytes", "read_midi", "write_midi"]


def read_midi(path, sequence: int = 1) -> Score:
    """The music of a MIDI file, also an RMID or gzip one; `sequence` chooses a piece of a format 2 file."""
    try:
        return read_bytes(Path(path).read_bytes(), sequence)
    except MIDIError as error:
        raise MIDIError(f"{path}: {error}") from None
