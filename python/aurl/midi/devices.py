"""System exclusive messages that reset an instrument or assign drums to channels."""

GM, GM2, GS, XG = "gm", "gm2", "gs", "xg"
DRUMS = 9  # channel 10

RESET, RHYTHM_PART = "reset", "rhythm part"


def meanings(data: bytes) -> list[tuple]:
    """Returns (RESET, standard) and (RHYTHM_PART, channel, has drums) tuples, in the order of the addresses written."""
    maker = data[0] if data else None
    if maker == 0x7E:
        if len(data) == 4 and data[2] == 0x09 and data[3] in (1, 2, 3):
            return [(RESET, GM2 if data[3] == 3 else GM)]
    elif maker == 0x41:  # Roland GS, "data set 1"; instruments ignore messages with a wrong checksum
        if len(data) >= 9 and data[2] == 0x42 and data[3] == 0x12 and sum(data[4:]) & 0x7F == 0:
            address = int.from_bytes(data[4:7], "big")
            return [m for place, value in enumerate(data[7:-1]) for m in _gs(address + place, value)]
    elif maker == 0x43:  # Yamaha XG, "parameter change"
        if len(data) >= 7 and data[1] & 0xF0 == 0x10 and data[2] == 0x4C:
            address = int.from_bytes(data[3:6], "big")
            return [m for place, value in enumerate(data[6:]) for m in _xg(address + place, value)]
    return []


def is_reset(data: bytes) -> bool:
    return any(meaning[0] == RESET for meaning in meanings(data))


def _gs(address: int, value: int) -> list[tuple]:
    if address == 0x40007F and value == 0 or address == 0x00007F and value <= 1:
        return [(RESET, GS)]
    if address != 0x400004 and address & 0xFFF0FF == 0x401015:
        block = address >> 8 & 0x0F
        return [(RHYTHM_PART, DRUMS if block == 0 else block - 1 if block <= 9 else block, value != 0)]
    return []


def _xg(address: int, value: int) -> list[tuple]:
    if address in (0x00007E, 0x00007F) and value == 0:
        return [(RESET, XG)]
    if address & 0xFFF0FF == 0x080007:
        return [(RHYTHM_PART, address >> 8 & 0x0F, value != 0)]
    return []


class RhythmParts:
    """The channels for drums: channel 10 of each port, unless messages change that."""

    def __init__(self):
        self._standard = GM
        self._changed: dict[int, bool] = {}  # by part: port << 4 | channel
        self._banks: dict[int, int] = {}

    def contains(self, part: int) -> bool:
        return self._changed.get(part, part & 0x0F == DRUMS)

    def apply_control(self, part: int, status: int, data: tuple[int, int]) -> list[int]:
        """Applies a channel message, and returns the parts that it switches between drums and melody."""
        if status & 0xF0 == 0xB0 and data[0] == 0:
            self._banks[part] = data[1]
        elif status & 0xF0 == 0xC0 and part in self._banks:
            is_rhythm = self._is_rhythm(self._banks[part])
            if is_rhythm is not None:
                return self._set(part, is_rhythm)
        return []

    def apply_system_exclusive(self, port: int, data: bytes) -> list[int]:
        parts = []
        for meaning in meanings(data):
            if meaning[0] == RESET:
                parts += self._changed
                self._standard, self._changed, self._banks = meaning[1], {}, {}
            else:
                parts += self._set(port << 4 | meaning[1], meaning[2])
        return parts

    def _set(self, part: int, is_rhythm: bool) -> list[int]:
        if self.contains(part) == is_rhythm:
            return []
        if is_rhythm == (part & 0x0F == DRUMS):
            del self._changed[part]
        else:
            self._changed[part] = is_rhythm
        return [part]

    def _is_rhythm(self, bank: int) -> bool | None:
        if self._standard == GM2 and bank in (120, 121):
            return bank == 120
        return bank in (120, 126, 127) if self._standard == XG else None
