"""Invented performances of scores: what a network that has heard no pianist is to learn from."""
import numpy as np

from scores import beat_ticks


def beat_times(count, tempo, expression, rng):
    """The times of beats at a tempo that drifts, breathes with phrases, slows down, jumps and pauses."""
    deviation, drift = np.zeros(count), 0.0
    for index in range(count):
        drift = 0.93 * drift + rng.normal(0, 0.035 * expression)
        deviation[index] = drift
    deviation += rng.normal(0, 0.025 * expression, count)
    phrase = rng.choice([2, 4, 8, 8, 12, 16])
    place = (np.arange(count) + rng.integers(0, phrase)) % phrase / phrase
    deviation += rng.uniform(0, 0.12) * expression * (2 * place - 1) ** 2
    for _ in range(rng.poisson(count / 40)):
        start, length, depth = rng.integers(0, count), rng.integers(1, 6), rng.uniform(0.1, 0.7) * min(expression, 1)
        for step in range(length):
            if start + step < count:
                deviation[start + step] += depth * (step + 1) / length
    if rng.random() < 0.25 and count > 8:
        deviation[rng.integers(2, count) :] += rng.normal(0, 0.2)
    times = np.concatenate([[0], np.cumsum(60 / tempo * np.exp(np.clip(deviation, -0.8, 1.2)))])
    for _ in range(rng.poisson(count / 100)):
        times[rng.integers(1, count) :] += rng.uniform(0.1, 1.0) * 60 / tempo
    return times


def perform(score, place_of, first, last, rng):
    """The notes `first` to `last` of a score as played.

    Returns onset, end, pitch, velocity, whether on a beat, whether on a downbeat, and the length of the beat, by
    onset; and the times of the beats and the number of the first.
    """
    notes = score["notes"][first:last]
    beats, bars, lengths = (values[first:last] for values in place_of)
    count = len(notes)
    start = np.floor(beats[0])
    x = beats - start
    beat_count = int(np.ceil(x[-1])) + 2
    ticks = beat_ticks(*score["signatures"][0][1:], score["tpq"])[0]
    expression = rng.uniform(0, 1.4)
    tempo = None if score["tempo"] is None else 60 / (score["tempo"] / 1e6 * ticks / score["tpq"])
    if tempo is None or rng.random() < 0.4:
        density = len(np.unique(np.round(x * 48))) / max(x[-1], 1)
        tempo = 60 * np.exp(rng.normal(np.log(5.5), 0.4)) / density
    else:
        tempo *= np.exp(rng.normal(0, 0.22))
    times = beat_times(beat_count, np.clip(tempo, 24, 290), expression, rng)
    index = np.arange(len(times))
    played = np.interp(x, index, times)
    ends = np.interp(np.minimum(x + (notes[:, 1] - notes[:, 0]) / ticks, len(times) - 1), index, times)

    # Chords move together, by less than a third of the way to their neighbors; hands and fingers a little apart.
    keys, chord = np.unique(np.round(x * 96).astype(int), return_inverse=True)
    moves = rng.normal(0, rng.uniform(0.002, 0.018) * (0.3 + expression), len(keys))
    chord_times = np.zeros(len(keys))
    chord_times[chord] = played
    limits = np.ones(len(keys))
    gaps = 0.3 * np.diff(chord_times)
    limits[:-1] = np.minimum(limits[:-1], gaps)
    limits[1:] = np.minimum(limits[1:], gaps)
    onset = played + np.clip(moves, -limits, limits)[chord]
    onset += np.clip(rng.normal(0, rng.uniform(0.002, 0.010), count), -0.025, 0.025)
    pitch = notes[:, 2] + rng.integers(-5, 7)
    top, bottom = np.full(len(keys), -1), np.full(len(keys), 999)
    np.maximum.at(top, chord, pitch)
    np.minimum.at(bottom, chord, pitch)
    is_top = pitch == top[chord]
    onset -= rng.uniform(0, 0.025) * is_top * (top[chord] > bottom[chord])
    rolled = rng.choice([0, 0, 0.02, 0.08])
    sizes = np.bincount(chord)
    for key in np.where((rng.random(len(keys)) < rolled) & (sizes >= 3))[0]:
        members = np.where(chord == key)[0]
        members = members[np.argsort(pitch[members])]
        shift = (len(members) - 1) * rng.choice([0, 1])
        onset[members] += (np.arange(len(members)) - shift) * rng.uniform(0.015, 0.06)

    articulation = np.clip(rng.uniform(0.5, 1.05) + rng.normal(0, 0.15, count), 0.15, 1.3)
    duration = np.maximum(0.04, (ends - played) * articulation)
    if rng.random() < 0.3:
        duration += rng.exponential(0.3, count) * (rng.random(count) < 0.6)

    on_beat = np.abs(x - np.round(x)) < 0.02
    on_downbeat = (bars < 0.02) | (bars > lengths - 0.02)
    velocity = notes[:, 3].astype(float)
    if rng.random() < 0.5 or velocity.std() < 3:
        velocity = np.full(count, 60.0)
    knots = np.arange(0, beat_count + 8, 4)
    velocity += np.interp(x, knots, rng.normal(0, 8, len(knots)))
    velocity += rng.uniform(0, 15) * is_top + rng.normal(0, 5) * (pitch == bottom[chord])
    velocity += rng.uniform(-1, 7) * on_beat + rng.uniform(-1, 6) * (bars < 0.02)
    velocity += rng.normal(0, 4, len(keys))[chord] + rng.normal(0, 5, count)
    if rng.random() < 0.06:
        velocity[:] = 64
    period = np.interp(x, np.arange(len(times) - 1) + 0.5, np.diff(times))
    rows = np.stack(
        [onset, onset + duration, pitch, np.clip(velocity, 8, 126), on_beat, on_downbeat, period]
    )
    if rng.random() < 0.2:
        rows = with_trills(rows, np.where((duration > 0.35) & is_top)[0], rng)
    rows = rows[:, np.argsort(rows[0], kind="stable")]
    return rows, times, start


def with_trills(rows, long_notes, rng):
    """Up to three of the long notes as trills."""
    added = []
    for note in rng.permutation(long_notes)[: rng.integers(1, 4)]:
        step, interval = rng.uniform(0.055, 0.1), rng.choice([1, 2])
        onset, end, pitch, velocity, _, _, period = rows[:, note]
        for turn in range(1, int((end - onset) / step)):
            time = onset + turn * step + rng.normal(0, 0.006)
            added.append((time, onset + (turn + 1) * step, pitch + turn % 2 * interval, velocity - 5, 0, 0, period))
        rows[1, note] = onset + step
    return np.concatenate([rows, np.array(added).T], axis=1) if added else rows
