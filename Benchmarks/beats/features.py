"""Groups of onsets of a performance and 88 features of each, as in BeatFeatures.swift and Tempogram.swift."""
import numba
import numpy as np

GAP, SPAN = 0.030, 0.070  # notes closer than GAP are one group, which lasts at most SPAN (seconds)
LAGS, SHORTEST, LONGEST = 28, 0.15, 4.2  # logarithmic bins of the two tempograms, in seconds
BEFORE, AFTER = 7.0, 3.0  # a tempogram sums over pairs whose first group is within this range (seconds)
PLAIN = 32
COUNT = PLAIN + 2 * LAGS
LIMIT = 6.0  # features are clipped to ±LIMIT


@numba.njit(cache=True)
def onset_groups(onset):
    index = np.empty(len(onset), np.int64)
    current, start, last = -1, -9.0, -9.0
    for note in range(len(onset)):
        if current < 0 or onset[note] - last > GAP or onset[note] - start > SPAN:
            current += 1
            start = onset[note]
        last = onset[note]
        index[note] = current
    return index


@numba.njit(cache=True)
def log_ratio(seconds, unit):
    return np.log(min(max(seconds, 0.03), 4.0) / unit)


@numba.njit(cache=True)
def bits(mask):
    count = 0
    while mask:
        mask &= mask - np.uint64(1)
        count += 1
    return count


@numba.njit(cache=True)
def features(onset, end, pitch, velocity):
    """The mean onset (groups,) and features (groups, COUNT) of each group, and the group of each note. Notes must be
    sorted by onset; times are in seconds."""
    of = onset_groups(onset)
    notes, count = len(onset), of[-1] + 1
    time, size, first = np.zeros(count), np.zeros(count), np.full(count, -1)
    mean, loudest, low_velocity, high_velocity = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count)
    low, high = np.full(count, 200), np.full(count, -1)
    longest, shortest = np.zeros(count), np.full(count, 9.0)
    low_length, high_length, mass = np.zeros(count), np.zeros(count), np.zeros(count)
    lower, upper = np.zeros(count, np.uint64), np.zeros(count, np.uint64)  # sets of pitches
    for n in range(notes):
        g, length = of[n], end[n] - onset[n]
        if first[g] < 0:
            first[g] = n
        time[g] += onset[n]
        size[g] += 1
        mean[g] += velocity[n]
        loudest[g] = max(loudest[g], velocity[n])
        longest[g] = max(longest[g], length)
        shortest[g] = min(shortest[g], length)
        mass[g] += min(max(length, 0.05), 1.5)
        if pitch[n] < low[g]:
            low[g], low_length[g], low_velocity[g] = pitch[n], length, velocity[n]
        if pitch[n] > high[g]:
            high[g], high_length[g], high_velocity[g] = pitch[n], length, velocity[n]
        if pitch[n] < 64:
            lower[g] |= np.uint64(1) << np.uint64(pitch[n])
        else:
            upper[g] |= np.uint64(1) << np.uint64(pitch[n] - 64)
    time /= size
    mean /= size
    x = np.zeros((count, COUNT), np.float32)
    note, latest_end = 0, time[0]
    for g in range(count):
        while note < first[g]:
            latest_end = max(latest_end, end[note])
            note += 1
        x[g, 22] = min(max(time[g] - latest_end, -0.3), 1.0) * 2  # the rest before the group, negative for an overlap
        before = time[g] - time[g - 1] if g > 0 else 2.0
        after = time[g + 1] - time[g] if g < count - 1 else 2.0
        x[g, 0] = log_ratio(before, 0.2)
        x[g, 1] = log_ratio(after, 0.2)
        x[g, 2] = x[g, 1] - x[g, 0]
        x[g, 3] = log_ratio(time[g] - time[g - 2] if g > 1 else 3.0, 0.4)
        x[g, 4] = log_ratio(time[g + 2] - time[g] if g < count - 2 else 3.0, 0.4)
        x[g, 5] = min(size[g], 6) / 3 - 0.5
        a, b = max(0, g - 12), min(count, g + 13)
        level = mean[a:b].mean()
        x[g, 6] = (mean[g] - level) / 15
        x[g, 7] = (loudest[g] - loudest[a:b].mean()) / 15
        x[g, 8] = (low_velocity[g] - level) / 15
        x[g, 9] = (high_velocity[g] - loudest[a:b].mean()) / 15
        x[g, 10] = (low[g] - 50) / 18
        x[g, 11] = (high[g] - 72) / 14
        if g > 0:
            a = max(0, g - 8)
            x[g, 12] = (low[g] - low[a:g].min()) / 12
            x[g, 13] = (high[g] - high[a:g].max()) / 12
            x[g, 14] = (high[g] - high[g - 1]) / 12
            x[g, 15] = (low[g] - low[g - 1]) / 12
            x[g, 27] = (bits(lower[g] & lower[g - 1]) + bits(upper[g] & upper[g - 1])) / size[g]
        if g < count - 1:
            b = min(count, g + 9)
            x[g, 16] = (low[g] - low[g + 1 : b].min()) / 12
            x[g, 17] = (high[g] - high[g + 1 : b].max()) / 12
        x[g, 18] = log_ratio(longest[g], 0.3)
        x[g, 19] = log_ratio(low_length[g], 0.3)
        x[g, 20] = log_ratio(high_length[g], 0.3)
        x[g, 21] = log_ratio(shortest[g], 0.3)
        for row in range(4):  # time to the next and from the last group that is as low, and as high
            step, distance = (1, 4.0) if row % 2 == 0 else (-1, 4.0)
            other = g + step
            while 0 <= other < count and abs(other - g) <= 32:
                if (row < 2 and low[other] <= low[g] + 4) or (row >= 2 and high[other] >= high[g] - 4):
                    distance = abs(time[other] - time[g])
                    break
                other += step
            x[g, 23 + row] = log_ratio(distance, 0.3)
    harmony(x, onset, pitch, first)
    tempograms(x, time, size, mass, lower, upper)
    return time, np.minimum(np.maximum(x, np.float32(-LIMIT)), np.float32(LIMIT)), of


@numba.njit(cache=True)
def harmony(x, onset, pitch, first):
    """Features 28-30: the change of pitch classes between the time before and after, in three time ranges; 31: the share
    of new pitch classes."""
    notes, count = len(onset), len(first)
    for scale in range(3):
        reach = 0.4 * 2.0**scale
        past, future = np.zeros(12), np.zeros(12)
        oldest, now, newest = 0, 0, 0
        for g in range(count):
            start = first[g]
            stop = notes if g == count - 1 else first[g + 1]
            while newest < notes and onset[newest] < onset[start] + reach:
                future[pitch[newest] % 12] += 1
                newest += 1
            while now < start:
                future[pitch[now] % 12] -= 1
                past[pitch[now] % 12] += 1
                now += 1
            while oldest < start and onset[oldest] < onset[start] - reach:
                past[pitch[oldest] % 12] -= 1
                oldest += 1
            norms = (past * past).sum() * (future * future).sum()
            x[g, 28 + scale] = 1 - (past * future).sum() / np.sqrt(norms) if norms > 0.25 else 0.5
            if scale == 1:
                new = 0
                for n in range(start, stop):
                    new += past[pitch[n] % 12] < 0.5
                x[g, 31] = new / (stop - start)


@numba.njit(cache=True)
def tempograms(x, time, size, mass, lower, upper):
    """Autocorrelations around each group over time lags: of long notes (LAGS bins), and of equal pitches (LAGS bins)."""
    count = len(time)
    scale = (LAGS - 1) / np.log(LONGEST / SHORTEST)
    weight = np.log(1 + mass / 0.2)
    sums = np.zeros((count + 1, 2 * LAGS))
    for i in range(count):
        for j in range(i + 1, count):
            lag = time[j] - time[i]
            if lag > LONGEST:
                break
            if lag < SHORTEST:
                continue
            place = np.log(lag / SHORTEST) * scale
            b = min(int(place), LAGS - 2)
            part = place - b
            amount = weight[i] * weight[j]
            sums[i + 1, b] += amount * (1 - part)
            sums[i + 1, b + 1] += amount * part
            common = bits(lower[i] & lower[j]) + bits(upper[i] & upper[j])
            if common > 0:
                amount = common / np.sqrt(size[i] * size[j])
                sums[i + 1, LAGS + b] += amount * (1 - part)
                sums[i + 1, LAGS + b + 1] += amount * part
    for i in range(count):
        sums[i + 1] += sums[i]
    # Pairs extend forward from their first group, so that this window has as much before the group as after it.
    a = b = 0
    for g in range(count):
        while a < g and time[a] < time[g] - BEFORE:
            a += 1
        while b < count and time[b] < time[g] + AFTER:
            b += 1
        for half in range(2):
            row = (sums[b] - sums[a])[half * LAGS : (half + 1) * LAGS] * np.exp(-np.arange(LAGS) / scale)
            row = np.minimum(row / (row.mean() + 1e-6) - 1, 3.0)
            x[g, PLAIN + half * LAGS : PLAIN + (half + 1) * LAGS] = row
