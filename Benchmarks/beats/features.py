"""The features of `BeatFeatures.swift`: onset groups of a performance and what is known of each. The Swift says what
each number is."""
import numba
import numpy as np

GAP, SPAN, FEATURES = 0.030, 0.070, 22


@numba.njit(cache=True)
def group(onset):
    chord = np.empty(len(onset), np.int64)
    index, start, last = -1, -10.0, -10.0
    for note in range(len(onset)):
        if index < 0 or onset[note] - last > GAP or onset[note] - start > SPAN:
            index += 1
            start = onset[note]
        last = onset[note]
        chord[note] = index
    return chord


@numba.njit(cache=True)
def logarithm(seconds, unit):
    return np.log(min(max(seconds, 0.03), 4.0) / unit)


@numba.njit(cache=True)
def features(onset, end, pitch, velocity):
    """Times (groups,), features (groups, FEATURES) and the group of each note, of notes that are sorted by onset."""
    chord = group(onset)
    notes, count = len(onset), chord[-1] + 1
    times, size, mean, greatest = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count)
    lowest, highest, first = np.full(count, 200), np.full(count, -1), np.full(count, -1)
    longest, bass, top = np.zeros(count), np.zeros(count), np.zeros(count)
    for note in range(notes):
        c, duration = chord[note], end[note] - onset[note]
        if first[c] < 0:
            first[c] = note
        times[c] += onset[note]
        size[c] += 1
        mean[c] += velocity[note]
        greatest[c] = max(greatest[c], velocity[note])
        longest[c] = max(longest[c], duration)
        if pitch[note] < lowest[c]:
            lowest[c], bass[c] = pitch[note], duration
        if pitch[note] > highest[c]:
            highest[c], top[c] = pitch[note], duration
    times /= size
    mean /= size
    values = np.zeros((count, FEATURES), np.float32)
    for c in range(count):
        before = times[c] - times[c - 1] if c > 0 else 2.0
        after = times[c + 1] - times[c] if c < count - 1 else 2.0
        values[c, 0] = logarithm(before, 0.2)
        values[c, 1] = logarithm(after, 0.2)
        values[c, 2] = values[c, 1] - values[c, 0]
        values[c, 3] = min(size[c], 6) / 3 - 0.5
        low, high = max(0, c - 12), min(count, c + 13)
        values[c, 4] = (mean[c] - mean[low:high].mean()) / 15
        values[c, 5] = (greatest[c] - greatest[low:high].mean()) / 15
        values[c, 6] = (lowest[c] - 50) / 18
        values[c, 7] = (highest[c] - 72) / 14
        if c > 0:
            values[c, 8] = (lowest[c] - lowest[max(0, c - 8) : c].min()) / 12
            values[c, 9] = (highest[c] - highest[max(0, c - 8) : c].max()) / 12
        if c < count - 1:
            values[c, 10] = (lowest[c] - lowest[c + 1 : c + 9].min()) / 12
            values[c, 11] = (highest[c] - highest[c + 1 : c + 9].max()) / 12
        values[c, 12] = logarithm(longest[c], 0.3)
        values[c, 13] = logarithm(bass[c], 0.3)
        values[c, 14] = logarithm(top[c], 0.3)
        for row in range(15, 19):
            # To the next and from the last group that reaches as low, and as high.
            step = 1 if row % 2 == 1 else -1
            distance, other = 4.0, c + step
            while 0 <= other < count and abs(other - c) <= 32:
                near = lowest[other] <= lowest[c] + 4 if row < 17 else highest[other] >= highest[c] - 4
                if near:
                    distance = abs(times[other] - times[c])
                    break
                other += step
            values[c, row] = logarithm(distance, 0.3)
    harmony(values, onset, pitch, first)
    return times, values, chord


@numba.njit(cache=True)
def harmony(values, onset, pitch, first):
    past, future = np.zeros(12), np.zeros(12)
    notes, count = len(onset), len(first)
    oldest, now, newest = 0, 0, 0
    for c in range(count):
        start = first[c]
        stop = notes if c == count - 1 else first[c + 1]
        while newest < notes and onset[newest] < onset[start] + 0.8:
            future[pitch[newest] % 12] += 1
            newest += 1
        while now < start:
            future[pitch[now] % 12] -= 1
            past[pitch[now] % 12] += 1
            now += 1
        while oldest < start and onset[oldest] < onset[start] - 0.8:
            past[pitch[oldest] % 12] -= 1
            oldest += 1
        norms = (past * past).sum() * (future * future).sum()
        values[c, 19] = 1 - (past * future).sum() / np.sqrt(norms) if norms > 0 else 0.5
        repeated, new = 0.0, 0.0
        for note in range(start, stop):
            if past[pitch[note] % 12] <= 0:
                new += 1
            if c > 0 and np.any(pitch[first[c - 1] : start] == pitch[note]):
                repeated += 1
        values[c, 20] = repeated / (stop - start)
        values[c, 21] = new / (stop - start)
