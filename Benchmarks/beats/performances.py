"""Synthetic performances of scores as training data.

The constants follow statistics of 91 piano performances: jitter of groups, spread of chords, tempo deviations, loudness
of top notes and beats, and lengths of notes in relation to the time to the next."""
import pickle

import numpy as np

from features import features
from scores import beats as beats_of

LENGTH = 512  # groups in an example
LEAST_MARGIN = 0.12  # the least margin of bars found by bars.py, in nats a bar
# The weights of pieces by source; solo piano music has the highest.
WEIGHTS = {
    "mutopia-pd": 4, "mutopia-cc-by": 1.2, "nifc-chopin-first-editions": 4, "nifc-polish-keyboard": 1.3, "pop909-cl": 1,
    "nifc-polish-with-keyboard": 0.6, "openscore-lieder": 0.75, "openscore-quartets": 0.9, "nifc-polish-ensemble": 0.25,
}


def log_normal(rng, median, deviation):
    return median * np.exp(rng.normal(0, deviation))


def tempo_curve(count, place, rng):
    """The log deviation of each beat's duration; `place` is the number of the beat in its bar."""
    rough = min(log_normal(rng, 0.036, 0.7), 0.2)
    smooth = min(log_normal(rng, 0.075, 0.75), 0.35)
    keep, drift, curve = rng.choice([0.8, 0.9, 0.95]), 0.0, np.zeros(count)
    for i, noise in enumerate(rng.normal(0, smooth * np.sqrt(1 - keep**2), count)):
        drift = keep * drift + noise
        curve[i] = drift
    curve += rng.normal(0, 1, count) * np.where(rng.random(count) < 0.08, 2.5, 0.75) * rough
    stolen = rng.normal(0, 2 * rough, count) * (rng.random(count) < 0.1 * rng.random())
    curve += stolen
    curve[1:] -= stolen[:-1]
    phrase = rng.choice([4, 8, 8, 12, 16, 24, 32])
    arc = (np.arange(count) + rng.integers(0, phrase)) % phrase / phrase
    curve += rng.uniform(0, 2.6) * smooth * (2 * arc - 1) ** 2
    if rng.random() < 0.4:
        curve += rng.normal(0, 0.035, 12)[np.minimum(place, 11)]
    for _ in range(rng.poisson(count / 36)):  # ritardandi
        start, length = rng.integers(0, count), rng.integers(1, 7)
        stop = min(count, start + length)
        depth = rng.uniform(0.1, 0.8) * min(1.3, smooth / 0.06)
        curve[start:stop] += depth * (np.arange(1, stop - start + 1) / length) ** rng.choice([1, 2])
    if rng.random() < 0.35 and count > 16:  # changes of tempo
        for _ in range(rng.integers(1, 4)):
            curve[rng.integers(4, count) :] += rng.normal(0, 0.35)
    return np.clip(curve, -0.9, 1.3)


def perform(piece, beats, rng):
    """The performed notes, sorted by onset, as rows onset, end, pitch, velocity, on beat, on downbeat, beat duration,
    meter class, and on a subdivision of a beat."""
    ticks, first, meter = beats
    notes = piece["notes"]
    tracks = np.bincount(notes[:, 4])
    if (tracks > 0).sum() >= 3 and rng.random() < 0.5:  # a part is left out
        kept = notes[:, 4] != rng.choice(np.where(tracks > 0)[0])
        notes = notes[kept] if kept.mean() > 0.55 else notes
    wanted = int(900 * len(notes) / len(np.unique(notes[:, 0])))
    begin = 0 if len(notes) <= wanted or rng.random() < 0.12 else rng.integers(0, len(notes) - wanted + 1)
    notes = notes[begin : begin + wanted]
    onset, end = notes[:, 0].astype(float), notes[:, 1].astype(float)
    a, b = max(0, np.searchsorted(ticks, onset[0] + 1) - 2), min(len(ticks), np.searchsorted(ticks, onset[-1]) + 6)
    if b - a < 8:
        return None
    ticks, first, meter = ticks[a:b], first[a:b], meter[a:b]
    count = len(ticks)

    def place(tick):
        value = np.interp(tick, ticks, np.arange(count))
        value = np.where(tick < ticks[0], (tick - ticks[0]) / (ticks[1] - ticks[0]), value)
        return np.where(tick > ticks[-1], count - 1 + (tick - ticks[-1]) / (ticks[-1] - ticks[-2]), value)

    score_x, x_end = place(onset), place(end)
    in_bar, number = np.zeros(count + 8, int), 0
    for i in range(count):
        number = 0 if first[i] else number + 1
        in_bar[i] = number
    # Beats with many groups are long: a measured regression of the log period on the log of groups a beat (slope 0.80,
    # residual 0.40). The constant is lower than measured (-1.44) because ritardandi and tempo curves lengthen beats.
    density = len(np.unique(np.round(score_x * 48))) / max(1, score_x[-1] - score_x[0])
    log_period = 0.8 * np.log(max(density, 0.3)) - 1.66 + rng.normal(0, 0.38)
    tempi = piece["tempi"]
    if tempi and tempi[0] not in (500_000, 1_000_000) and "nifc" not in piece["source"] and rng.random() < 0.4:
        log_period = np.log(np.median(tempi) / 1e6 * np.median(np.diff(ticks)) / piece["tpq"]) + rng.normal(0, 0.2)
    log_period = np.clip(log_period, np.log(0.21), np.log(2.6))
    lengths = np.exp(log_period + tempo_curve(count + 8, in_bar, rng))
    times, numbers = np.concatenate([[0], np.cumsum(lengths)]), np.arange(count + 9) - 4
    for _ in range(rng.poisson(count / 90)):  # pauses
        times[rng.integers(1, len(times)) :] += rng.uniform(0.1, 1.0) * np.exp(log_period)
    x = score_x
    if rng.random() < 0.06:  # swing
        x = x + (abs(x % 1 - 0.5) < 0.02) * rng.uniform(0, 0.16)
    exact, exact_end = np.interp(x, numbers, times), np.interp(x_end, numbers, times)

    keys, chord = np.unique(np.round(score_x * 96).astype(int), return_inverse=True)
    chord_time = np.zeros(len(keys))
    chord_time[chord] = exact
    limit = np.ones(len(keys))
    limit[:-1] = np.minimum(limit[:-1], 0.3 * np.diff(chord_time))
    limit[1:] = np.minimum(limit[1:], 0.3 * np.diff(chord_time))
    jitter = min(log_normal(rng, 0.018, 0.5) * np.exp(log_period), 0.03)
    time = exact + np.clip(rng.normal(0, jitter, len(keys)), -limit, limit)[chord]
    time += np.clip(rng.normal(0, log_normal(rng, 0.0065, 0.35), len(time)), -0.03, 0.03)
    pitch = notes[:, 2] + rng.integers(-6, 7)
    pitch = pitch + 12 * (pitch.min() < 18) - 12 * (pitch.max() > 110)
    pitch = np.clip(pitch, 1, 126)
    top, bottom = np.full(len(keys), -1), np.full(len(keys), 999)
    np.maximum.at(top, chord, pitch)
    np.minimum.at(bottom, chord, pitch)
    several = (top > bottom)[chord]
    is_top, is_bottom = pitch == top[chord], pitch == bottom[chord]
    time -= rng.uniform(-0.004, 0.02) * (is_top & several)
    if rng.random() < 0.12:  # the bass before the other notes
        early = rng.random(len(keys)) < rng.uniform(0.05, 0.5)
        time -= early[chord] * (is_bottom & several) * rng.uniform(0.02, 0.09)
    rolled = rng.choice([0, 0, 0.01, 0.03, 0.1])
    sizes = np.bincount(chord)
    for key in np.where((rng.random(len(keys)) < rolled) & (sizes >= 3))[0]:
        members = np.where(chord == key)[0]
        members = members[np.argsort(pitch[members])]
        time[members] += (np.arange(len(members)) - (len(members) - 1) * rng.choice([0, 0, 1])) * rng.uniform(0.015, 0.07)

    # Keys are released early, above all those of long notes, which the pedal holds.
    nominal = np.maximum(exact_end - exact, 0.03)
    held = np.clip(rng.uniform(0.35, 1.0) + rng.normal(0, 0.17, len(time)), 0.1, 1.25)
    held *= np.where(nominal > 0.25, (nominal / 0.25) ** -rng.uniform(0, 0.6), 1)
    length = np.maximum(0.035, nominal * held)
    if rng.random() < 0.12:
        length += rng.exponential(0.3, len(time)) * (rng.random(len(time)) < 0.6)
    near = np.round(score_x).astype(int)
    on_beat = (abs(score_x - near) < 0.02) & (near >= 0) & (near < count)
    on_downbeat = on_beat & first[np.clip(near, 0, count - 1)]
    velocity = notes[:, 3].astype(float)
    if velocity.std() < 4 or rng.random() < 0.5:
        velocity = np.full(len(time), 64 + rng.normal(0, 7))
    knots = np.arange(x[0] - 1, x[-1] + 9, rng.choice([3, 4, 6, 8]))
    velocity += np.interp(x, knots, rng.normal(0, 9, len(knots)))
    velocity += several * (is_top * rng.normal(7, 3) - (is_bottom & ~is_top) * rng.normal(2, 3))
    velocity += on_beat * rng.normal(2, 2.5) + on_downbeat * rng.normal(1, 2.2)
    velocity += rng.normal(0, 4.5, len(keys))[chord] + rng.normal(0, 6, len(time))
    if rng.random() < 0.05:
        velocity[:] = 64
    period = np.interp(x, numbers[:-1] + 0.5, np.diff(times))
    kind = meter[np.clip(np.floor(score_x + 0.02).astype(int), 0, count - 1)]
    parts = np.where(kind >= 3, 3, 2)
    on_part = on_beat | ((abs(score_x * parts - np.round(score_x * parts)) < 0.05) & (kind < 6))
    rows = np.stack([time, time + length, pitch, np.clip(velocity, 5, 126), on_beat, on_downbeat, period, kind, on_part])

    rows = with_ornaments(rows, is_top, rng)
    return rows[:, np.argsort(rows[0], kind="stable")]


def with_ornaments(rows, is_top, rng):
    """Adds trills and grace notes to top notes, and wrong notes, and leaves out notes."""
    time, end, pitch, velocity, _, _, period, kind, _ = rows
    length = end - time
    added = []

    def add(start, stop, key, level, origin):
        added.append([start, stop, key, level, 0, 0, period[origin], kind[origin], 0])

    if rng.random() < 0.25:  # trills
        for i in rng.permutation(np.where((length > 0.3) & is_top)[0])[: rng.integers(1, 5)]:
            step, interval = rng.uniform(0.05, 0.11), rng.choice([1, 2])
            for turn in range(1, int(length[i] / step)):
                start = time[i] + turn * step + rng.normal(0, 0.006)
                add(start, start + step, pitch[i] + turn % 2 * interval, velocity[i] - 6, i)
            rows[1, i] = time[i] + step
    if rng.random() < 0.3:  # grace notes
        for i in np.where(is_top & (rng.random(len(time)) < rng.uniform(0.005, 0.04)))[0]:
            for turn in range(1, rng.integers(2, 4)):
                start = time[i] - turn * rng.uniform(0.05, 0.11)
                add(start, time[i], pitch[i] + rng.choice([-1, 1, 2]), velocity[i] - 8, i)
    if rng.random() < 0.15:  # wrong notes
        for i in np.where(rng.random(len(time)) < 0.01)[0]:
            start = time[i] + rng.normal(0, 0.15)
            add(start, start + 0.2, pitch[i] + rng.integers(-12, 13), 30, i)
    if rng.random() < 0.3:  # missed notes
        rows = rows[:, rng.random(rows.shape[1]) > rng.uniform(0, 0.04)]
    if added:
        rows = np.concatenate([rows, np.array(added).T], 1)
    rows[2], rows[3] = np.clip(rows[2], 1, 126), np.clip(rows[3], 5, 126)
    rows[1] = np.maximum(rows[1], rows[0] + 0.02)
    return rows


def example(piece, beats, rng):
    """Features, times and targets (beat, downbeat, log period, meter, subdivision) of at most LENGTH groups, or None."""
    rows = perform(piece, beats, rng)
    if rows is None or rows.shape[1] < 60:
        return None
    time, values, of = features(rows[0], rows[1], rows[2].astype(np.int64), rows[3])
    if len(time) < 48:
        return None
    targets = np.zeros((len(time), 5), np.float32)
    for column, row in ((0, 4), (1, 5), (4, 8)):
        np.maximum.at(targets[:, column], of, rows[row].astype(np.float32))
    targets[of, 2], targets[of, 3] = np.log(rows[6]), rows[7]
    start = 0 if len(time) <= LENGTH else rng.integers(0, len(time) - LENGTH + 1)
    cut = slice(start, start + LENGTH)
    return values[cut], time[cut] - time[start], targets[cut]


def load(path):
    """The scores of bars.py with sufficiently certain bars, together with their beats, and the probability of each."""
    with open(path, "rb") as file:
        pieces = [(piece, beats_of(piece)) for piece in pickle.load(file) if piece["margin"] >= LEAST_MARGIN]
    pieces = [(piece, beats) for piece, beats in pieces if len(beats[0]) >= 12 and (beats[2] == 6).mean() <= 0.5]
    weights = np.array([weight(piece, len(beats[0])) for piece, beats in pieces])
    return pieces, weights / weights.sum()


def weight(piece, beats):
    """The weight of a piece by its source, length, certainty and density; pianists play 3.5 groups of onsets a beat."""
    groups = len(np.unique(piece["notes"][:, 0]))
    result = WEIGHTS[piece["source"]] * min(3, len(piece["notes"]) / 600) ** 0.7
    result *= np.clip(groups / max(4, beats) / 2.5, 0.4, 2) ** 1.2
    return result if piece["margin"] > 0.35 else result / 2
