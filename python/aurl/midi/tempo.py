"""Exact conversion of ticks to seconds, in integer multiples of a common unit."""

from bisect import bisect_right


class TempoMap:
    def __init__(self, division: int, changes: list[tuple[int, int]] = ()):
        """`division` is that of the header. `changes` are (tick, microseconds per quarter note); of several at the same
        tick the last one applies."""
        self.division = division
        self.changes = sorted(dict(sorted(changes, key=lambda change: change[0])).items())
        if division & 0x8000:
            rate, ticks_per_frame = 256 - (division >> 8), division & 0xFF
            # 29 is 30 000 / 1001 frames a second.
            per_second, per_tick = (30_000, 1001) if rate == 29 else (rate, 1)
            self._units_per_second = per_second * ticks_per_frame
            self._segments = [(0, 0, per_tick)]
            return
        self._units_per_second = 1_000_000 * division
        self._segments = [(0, 0, 500_000)]
        for tick, tempo in self.changes:
            last = self._segments[-1]
            units = last[1] + (tick - last[0]) * last[2]
            if last[0] == tick:
                self._segments.pop()
            self._segments.append((tick, units, tempo))
        self._starts = [segment[0] for segment in self._segments]

    def _units(self, tick: int) -> int:
        place = bisect_right(self._starts, tick) - 1 if len(self._segments) > 1 else 0
        start, units, per_tick = self._segments[max(0, place)]
        return units + (tick - start) * per_tick

    def seconds(self, tick: int) -> float:
        return self._units(tick) / self._units_per_second

    def step(self, tick: int, rate: int) -> int:
        """The nearest position on a grid of `rate` steps per second, rounded up halfway between two."""
        return (self._units(tick) * 2 * rate + self._units_per_second) // (2 * self._units_per_second)
