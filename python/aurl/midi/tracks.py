"""The events of a track (Standard MIDI Files 1.0, "Track Chunks"), including damaged ones."""

from . import devices
from .pairing import Pairing
from .pairing_across import EVERYWHERE, Silence
from .score import Control, Rank, SystemExclusive, Track


class TrackReader:
    def __init__(self, data: bytes, start: int, limit: int):
        """Reads the events from the offset `start` up to, and not including, `limit`."""
        self._data, self._limit, self._offset = data, limit, start
        self._time, self._status, self._is_cancelled = 0, 0, True
        self._port = 0
        self._open_exclusive: bytearray | None = None
        self.pairing = Pairing()
        self.track = Track()
        self.tempo_changes: list[tuple[int, int]] = []
        self.silences: list[Silence] = []

    def read(self) -> int | None:
        """Reads through end-of-track and returns the offset after it, or None if the track has none."""
        end = self._read_events()
        self.pairing.close_all(self._time)
        self.track.notes, self.track.end = self.pairing.notes, self._time
        return end

    def _read_events(self) -> int | None:
        data, limit = self._data, self._limit
        while self._offset < limit:
            self._time += self._variable_length()
            if self._offset >= limit:
                break
            byte = data[self._offset]
            if byte < 0xF0:
                if byte >= 0x80:
                    self._status, self._is_cancelled = byte, False
                    self._offset += 1
                elif self._is_cancelled:
                    if self._status == 0:
                        self._resynchronise()
                        continue
                    self._is_cancelled = False
                if not self._channel_message():
                    break
            else:
                self._is_cancelled = True
                self._offset += 1
                if byte == 0xFF:
                    if self._meta():
                        return self._offset
                elif byte in (0xF0, 0xF7):
                    self._system_exclusive(byte == 0xF0)
                else:
                    self._skip_system_message(byte)
        return None

    def _variable_length(self) -> int:
        """Reads a variable-length quantity, clamped to 0x0FFFFFFF."""
        value = 0
        while self._offset < self._limit:
            byte = self._data[self._offset]
            self._offset += 1
            value = min(value << 7 | byte & 0x7F, 0x0FFFFFFF)
            if byte < 0x80:
                return value
        return 0

    # Damage

    def _resynchronise(self) -> None:
        """Skips to the delta time of the next plausible event."""
        start = self._offset
        status = start + 1
        while status < self._limit and not self._is_event(status):
            status += 1
        self._offset = min(status, self._limit)
        if status >= self._limit:
            return
        while True:
            self._offset -= 1
            # F7 more likely ends a system exclusive message than begins a delta time.
            before = self._data[self._offset - 1]
            if not (self._offset > start and status - self._offset < 4 and 0x80 <= before < 0xF7):
                return

    def _is_event(self, offset: int) -> bool:
        """Whether there can be a complete event at an offset. F7 is excluded, since it more often ends a message."""
        data, limit = self._data, self._limit
        if offset + 1 >= limit or data[offset + 1] >= 0x80:
            return False
        status = data[offset]
        if 0xC0 <= status <= 0xDF:
            return True
        if 0x80 <= status <= 0xEF:
            return offset + 2 < limit and data[offset + 2] < 0x80
        if status == 0xF0:
            return offset + 2 + data[offset + 1] <= limit
        return status == 0xFF and offset + 2 < limit and offset + 3 + data[offset + 2] <= limit

    def _is_timed_event(self, offset: int) -> bool:
        status = offset
        while status < self._limit and status < offset + 3 and self._data[status] >= 0x80:
            status += 1
        return self._is_event(status + 1)

    def _skip_system_message(self, status: int) -> None:
        for _ in range({0xF1: 1, 0xF2: 2, 0xF3: 1}.get(status, 0)):
            if self._offset < self._limit and self._data[self._offset] < 0x80:
                self._offset += 1

    # Channel messages

    def _channel_message(self) -> bool:
        """Reads the data bytes of a message with the current status; False if the track ends before them."""
        is_short = self._status & 0xE0 == 0xC0
        if self._offset + (1 if is_short else 2) > self._limit:
            self._offset = self._limit
            return False
        first = self._data[self._offset]
        second = 0 if is_short else self._data[self._offset + 1]
        if (first | second) >= 0x80:
            first = self._damaged_data(0 if is_short else 1)
            second = 0 if is_short else self._damaged_data(0)
        else:
            self._offset += 1 if is_short else 2
        kind, channel = self._status & 0xF0, self._status & 0x0F
        if kind == 0x90 and second > 0:
            self.pairing.note_on(self._port, channel, first, second, self._time)
        elif kind in (0x80, 0x90):
            self.pairing.note_off(self._port, channel, first, self._time)
        else:
            self._control(first, second)
        return True

    def _damaged_data(self, rest: int) -> int:
        """Reads a data byte that may be damaged, followed by `rest` others.

        An interspersed real-time message is skipped if only that leads to the next event; any other byte is clamped.
        """
        end = self._offset + 1 + rest
        if 0xF8 <= self._data[self._offset] <= 0xFE and end < self._limit:
            if self._is_timed_event(end + 1) and not self._is_timed_event(end):
                self._offset += 1
        byte = self._data[self._offset]
        self._offset += 1
        return min(byte, 0x7F)

    def _control(self, first: int, second: int) -> None:
        turn = self.pairing.turns.next(Rank.CONTROL, self._time)
        self.track.controls.append(Control(self._time, self._status, (first, second), self._port, turn))
        if self._status & 0xF0 == 0xB0 and (first == 120 or first >= 123):
            channel = self._status & 0x0F
            self.pairing.end_channel(self._port, channel, self._time)
            self.silences.append(Silence(self._time, turn, self._port << 4 | channel))

    # System exclusive messages

    def _system_exclusive(self, is_start: bool) -> None:
        """Reads an F0 event, or an F7 event: the next packet of a message, or an escape, which is skipped."""
        if is_start:
            self._open_exclusive = bytearray()
        packet = self._payload()
        if packet is None:
            self._open_exclusive = None
            return
        if self._open_exclusive is None:
            return
        start, end = packet
        true_end = self._true_end(start, end)
        if true_end is not None:
            end = self._offset = true_end
        is_last = end > start and self._data[end - 1] == 0xF7
        self._open_exclusive += bytes(min(byte, 0x7F) for byte in self._data[start : end - is_last])
        if is_last:
            message, self._open_exclusive = bytes(self._open_exclusive), None
            turn = self.pairing.turns.next(Rank.SYSTEM_EXCLUSIVE, self._time)
            self.track.system_exclusives.append(SystemExclusive(self._time, message, self._port, turn))
            if devices.is_reset(message):
                self.pairing.end_all(self._time)
                self.silences.append(Silence(self._time, turn, EVERYWHERE))

    def _true_end(self, start: int, end: int) -> int | None:
        """The end of a packet with a wrong length: an F7 after data bytes only, followed by an event; otherwise None."""
        place = start
        while place < self._limit and self._data[place] < 0x80:
            place += 1
        if place >= self._limit or self._data[place] != 0xF7 or place + 1 == end:
            return None
        return place + 1 if self._is_timed_event(place + 1) else None

    def _payload(self) -> tuple[int, int] | None:
        """Reads a length, and returns the range of the bytes that it counts, or None if they extend beyond the track.

        In that case the length is wrong if the track has an end-of-track; otherwise the track is truncated.
        """
        start = self._offset
        length = self._variable_length() if start < self._limit else self._limit + 1
        if self._offset + length <= self._limit:
            payload = (self._offset, self._offset + length)
            self._offset += length
            return payload
        if start + 3 <= self._limit and self._data[self._limit - 3 : self._limit] == b"\xff\x2f\x00":
            self._offset = start
            self._resynchronise()
        else:
            self._offset = self._limit
        return None

    # Meta events

    def _meta(self) -> bool:
        """Reads a meta event, and returns whether it is end-of-track."""
        if self._offset >= self._limit:
            return False
        kind = self._data[self._offset]
        self._offset += 1
        payload = self._payload()
        if payload is None:
            return kind == 0x2F and self._offset == self._limit
        data = self._data[payload[0] : payload[1]]
        if kind == 0x21 and len(data) == 1:
            self._port = data[0]
            self.pairing.select(self._port)
        elif kind == 0x51 and len(data) == 3 and any(data):
            self.tempo_changes.append((self._time, int.from_bytes(data, "big")))
        return kind == 0x2F
