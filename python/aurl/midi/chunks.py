"""The chunks of a file (Standard MIDI Files 1.0, "Chunks"), including tracks with wrong lengths."""

import zlib

from .foreign import is_foreign
from .pairing_across import PairingAcrossTracks
from .score import MIDIError, Score, Track
from .tempo import TempoMap
from .tracks import TrackReader

_LARGEST_UNPACKED = 64 << 20
_FRAME_RATES = (24, 25, 29, 30)


def read_bytes(data: bytes, sequence: int = 1) -> Score:
    """Reads the contents of a MIDI file."""
    if not data:
        raise MIDIError("the file is empty")
    if data.startswith(b"\x1f\x8b"):
        data = _unpacked(data)
        if data.startswith(b"\x1f\x8b"):
            raise MIDIError("a gzip archive within a gzip archive")
        if not data:
            raise MIDIError("the file is empty")
    return ChunkReader(data, sequence).read()


def _unpacked(data: bytes) -> bytes:
    content = b""
    while data[:2] == b"\x1f\x8b":
        archive = zlib.decompressobj(15 + 16)
        try:
            content += archive.decompress(data, _LARGEST_UNPACKED + 1 - len(content))
        except zlib.error:
            raise MIDIError("a damaged gzip archive") from None
        if len(content) > _LARGEST_UNPACKED:
            raise MIDIError("a gzip archive of more than 64 MiB")
        if not archive.eof:
            raise MIDIError("a truncated gzip archive")
        data = archive.unused_data
    return content


class ChunkReader:
    def __init__(self, data: bytes, sequence: int):
        self._data, self._sequence = data, sequence
        self._tracks: list[Track] = []
        self._track_count = 0
        self._tempo_changes: list[tuple[int, int]] = []
        self._across = PairingAcrossTracks()
        self._wrapped_end: int | None = None
        self._found_track = -1

    def read(self) -> Score:
        header = self._header_offset()
        if header + 14 > len(self._data):
            raise MIDIError("the header is truncated")
        format = self._number(header + 8, 2)
        division = self._number(header + 12, 2)
        if division & 0x8000:
            if 256 - (division >> 8) not in _FRAME_RATES or division & 0xFF == 0:
                raise MIDIError(f"the division 0x{division:04X} is invalid")
        elif division == 0:
            raise MIDIError("the division is 0 ticks per quarter note")
        self._read_tracks(self._end_of_header(header), format == 2)
        sequences = max(1, self._track_count) if format == 2 else 1
        if not 1 <= self._sequence <= sequences:
            raise MIDIError(f"there is no sequence {self._sequence}, only {sequences}")
        self._across.mend(self._tracks)
        return Score(TempoMap(division, self._tempo_changes), self._tracks)

    def _number(self, offset: int, count: int) -> int:
        return int.from_bytes(self._data[offset : offset + count], "big")

    # Header

    def _header_offset(self) -> int:
        data = self._data
        if data.startswith(b"MThd"):
            return 0
        if data.startswith(b"RIFF") and data[8:12] == b"RMID":
            start, self._wrapped_end = self._wrapped_music()
            return start
        offset = -1 if is_foreign(data) else data.find(b"MThd")
        if offset < 0:
            raise MIDIError("not a MIDI file")
        return offset

    def _wrapped_music(self) -> tuple[int, int]:
        data, size = self._data, len(self._data)
        offset = 12
        # Chunks of an INFO list are searched before the chunks after it.
        stack = [(12, size)]
        while stack:
            offset, limit = stack.pop()
            while offset + 8 <= limit:
                body, length = offset + 8, int.from_bytes(data[offset + 4 : offset + 8], "little")
                name, end = data[offset : offset + 4], min(limit, offset + 8 + length)
                if name == b"data" and data[body : body + 4] == b"MThd":
                    return body, end
                if name == b"LIST" and data[body : body + 4] == b"INFO":
                    stack.append((body + length + length % 2, limit))
                    offset, limit = body + 4, end
                else:
                    offset = body + length + length % 2
        # Lengths are wrong: search for the header itself.
        first = None
        found = data.find(b"MThd", 12)
        while found >= 0:
            if data[found - 8 : found - 4] == b"data":
                return found, min(size, found + int.from_bytes(data[found - 4 : found], "little"))
            first = first or (found, size)
            found = data.find(b"MThd", found + 1)
        if first is None:
            raise MIDIError("an RMID file (RIFF) without music")
        return first

    def _end_of_header(self, header: int) -> int:
        """The expected offset of the first chunk after the header."""
        end = header + 8 + self._number(header + 4, 4)
        return end if end > header + 14 and self._is_chunk(end) else header + 14

    # Tracks

    def _read_tracks(self, offset: int, is_sequences: bool) -> None:
        data, size = self._data, len(self._data)
        while offset < size:
            # Anything after the data chunk of an RMID file, possibly after a pad byte, is not MIDI.
            if self._wrapped_end is not None and offset - self._wrapped_end in (0, 1):
                return
            is_track = data[offset : offset + 4] == b"MTrk"
            if is_track and offset + 8 <= size:
                offset = self._read_track(offset, not is_sequences or self._track_count + 1 == self._sequence)
            elif (end := self._end_of_alien_chunk(offset)) is not None:
                offset = end
            else:
                following = data.find(b"MTrk", offset, size - 4)
                # Tracks after a second header belong to another file, which has its own division.
                if following < 0 or data.find(b"MThd", offset, following) >= 0:
                    return
                offset = following

    def _read_track(self, offset: int, is_wanted: bool) -> int:
        """Reads the track chunk at an offset, and returns the expected offset of the next chunk."""
        start, limit, is_trusted = self._extent(offset)
        reader = TrackReader(self._data, start, limit)
        end = reader.read()
        self._track_count += 1
        if is_wanted:
            pairing = reader.pairing
            self._across.append(len(self._tracks), pairing.note_offs, pairing.hanging, reader.silences)
            self._tracks.append(reader.track)
            self._tempo_changes += reader.tempo_changes
        if end is None:
            return limit
        if end != offset + 8 + self._number(offset + 4, 4) and is_trusted and self._data[end : end + 4] != b"MTrk":
            return limit
        return end

    def _extent(self, offset: int) -> tuple[int, int, bool]:
        """Start and limit of a track, and whether its length is trusted: it leads to a chunk or to the end of the file."""
        start = offset + 8
        declared_end = start + self._number(offset + 4, 4)
        if declared_end == len(self._data) or self._is_chunk(declared_end):
            return start, declared_end, True
        following = self._next_track(start)
        # The next track may be the first of another file, preceded by its header.
        has_header = following >= 14 and self._data[following - 14 : following - 10] == b"MThd"
        return start, max(start, following - 14) if has_header else following, False

    def _next_track(self, start: int) -> int:
        """The offset of the next track, or the end of the file.

        Either its length fits into the file or an end-of-track precedes it, since its name alone may be part of a text.
        """
        data, size = self._data, len(self._data)
        if self._found_track >= start:
            return self._found_track
        found = data.find(b"MTrk", start, size - 4)
        while found >= 0:
            fits = found + 8 + self._number(found + 4, 4) <= size
            if fits or found >= 3 and data[found - 3 : found] == b"\xff\x2f\x00":
                self._found_track = found
                return found
            found = data.find(b"MTrk", found + 1, size - 4)
        self._found_track = size
        return size

    def _end_of_alien_chunk(self, offset: int) -> int | None:
        """The end of a chunk other than a track, if it leads to another chunk or to the end of the file."""
        if not self._is_chunk(offset) or self._data[offset : offset + 4] == b"MThd":
            return None
        end = offset + 8 + self._number(offset + 4, 4)
        return end if end == len(self._data) or self._is_chunk(end) else None

    def _is_chunk(self, offset: int) -> bool:
        """Whether there is a track at an offset, or another chunk with a printable name and a length that fits."""
        name = self._data[offset : offset + 4]
        if offset + 8 > len(self._data):
            return False
        is_name = all(0x20 <= byte < 0x7F for byte in name)
        return name == b"MTrk" or is_name and offset + 8 + self._number(offset + 4, 4) <= len(self._data)
