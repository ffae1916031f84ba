"""Reads scores and finds where their bars begin, for train.py. bars.py SCORES.pkl FOLDER… [--network NETWORK.pt]

Most engravers' MIDI files have one time signature, do not mark pickups, and contain first and second endings one after
the other. Their bars are the most likely path (Viterbi) under the beats and downbeats that a network finds in a deadpan
rendition. Without a network, only scores with reliable time signatures are read."""
import argparse
import glob
import pickle
import re

import numba
import numpy as np
import torch

from features import features, onset_groups
from network import load
from scores import TRUE_BARS, files, read, true_bars, units

CUT_SHORT = 18.0  # the cost of a bar that is cut short, in nats
# Composer and title of compositions in the annotated performances of ASAP (Foscarin et al., ISMIR 2020). They are not
# trained on, so that measurements on those performances are on unseen music.
EVALUATED = [
    (re.compile(composer, re.I), re.compile(title, re.I))
    for composer, title in (
        ("bach", r"BWV ?(84[6-9]|8[5-8]\d|89[0-3]|971)|wohltemp|well.?temp|ital"),
        ("balakirev", "islamey"),
        ("beethoven", r"sonat|waldstein|appassionata|moonlight|path[eé]ti|tempest"),
        ("brahms", "118"),
        (
            "chopin",
            r"[eéEÉ]tude|op\W{0,3}(10|20|23|25|31|35|38|39|47|5[2347]|58|60)\b|ballad|barcarol|berceuse|scherzo",
        ),
        ("debussy", "pour le piano|images|sarabande|toccata|reflets"),
        ("glinka", "lark|alouette|skowronek"),
        ("haydn", "sonat|XVI"),
        ("liszt|rachman|prokof|ravel|scriabin", "."),
        ("mozart", "sonat|fantas"),
        ("schubert", "impromptu|moment|sonat|wanderer|fantas"),
        ("schumann", "arabes|kreisler|toccata|carnaval|papillon|novelet|fantas|sonat|symphon|davids"),
    )
]


def is_evaluated(source, composer, title):
    # Songs and quartets may share titles with piano music, but not notes.
    return "openscore" not in source and any(c.search(composer) and t.search(title) for c, t in EVALUATED)


@numba.njit(cache=True)
def best_path(evidence, first, beat):
    """The most likely position in the bar of each step of `evidence` (steps, positions); a beat has `beat` steps."""
    count, places = evidence.shape
    score, origin = evidence[0] + first, np.zeros((count, places), np.int32)
    for step in range(1, count):
        following = np.empty(places)
        for place in range(places):
            best = place - 1 if place > 0 else places - 1
            value = score[best]
            if place == 0:
                for last in range(places):
                    rest = (last + 1) % beat
                    cost = CUT_SHORT + (0.0 if rest == 0 else (3.0 if 2 * rest == beat else 7.0))
                    if score[last] - cost > value:
                        value, best = score[last] - cost, last
            following[place] = value + evidence[step, place]
            origin[step, place] = best
        score = following
    path = np.empty(count, np.int32)
    place = np.argmax(score)
    for step in range(count - 1, -1, -1):
        path[step] = place
        place = origin[step, place]
    return path


def found_bars(piece, network):
    """Bars as returned by `true_bars`, and by how many nats a bar they are more likely than with any other phase."""
    ticks, beat_odds, downbeat_odds = hear(piece, network)
    beat_p = np.clip(1 / (1 + np.exp(-beat_odds)), 0.02, 0.98)
    down_p = np.clip(1 / (1 + np.exp(-downbeat_odds)), 0.01, 0.97 * beat_p)
    logs = np.log(down_p), np.log(np.maximum(beat_p - down_p, 0.01)), np.log(1 - beat_p)
    signatures, tpq = piece["signatures"], piece["tpq"]
    ends = [tick for tick, _, _ in signatures[1:]] + [piece["notes"][:, 1].max()]
    bars, margins = [], []
    for index, ((start, n, d), stop) in enumerate(zip(signatures, ends)):
        beat, bar = units(n, d, tpq)[:2]
        step = tpq / 4 if d > 2 else tpq / 2
        places, beat_steps, count = round(bar / step), round(beat / step), int(np.ceil((stop - start) / step - 1e-6))
        if count <= 0:
            continue
        if count <= places or beat_steps == 0 or places > 64:
            bars.append((int(start), n, d))
            continue
        place = (ticks - start) / step
        at = np.round(place).astype(int)
        inside = (at >= 0) & (at < count) & (abs(place - at) < 0.3)
        evidence = np.zeros((count, places))
        for s in range(places):
            np.add.at(evidence[:, s], at[inside], logs[0 if s == 0 else (1 if s % beat_steps == 0 else 2)][inside])
        rest = np.arange(places) % beat_steps
        first = np.where(rest == 0, 0.0, np.where(2 * rest == beat_steps, -3.0, -7.0))
        first[0] = 6.0 if index == 0 else 15.0
        path = best_path(evidence, first, beat_steps)
        totals = [evidence[np.arange(count), (path + shift) % places].sum() for shift in range(places)]
        margins.append((totals[0] - max(totals[1:])) / (count / places))
        starts = np.where(path == 0)[0]
        if len(starts) == 0 or starts[0] > 0:
            bars.append((int(start), -1, d))
        bars += [(int(round(start + s * step)), n, d) for s in starts]
    return bars, margins[0] if margins else 0.0


def hear(piece, network):
    """The ticks of onsets, and the log odds of a beat and of a downbeat there, averaged over two nearly deadpan
    renditions."""
    notes, rng = piece["notes"], np.random.default_rng(1)
    ticks, at = np.unique(notes[:, 0], return_inverse=True)
    beat = units(*piece["signatures"][0][1:], piece["tpq"])[0]
    density = len(ticks) / max(1, (ticks[-1] - ticks[0]) / beat)
    sums = np.zeros((2, len(ticks)))
    for factor in (0.85, 1.2):
        period = factor * np.clip(np.exp(0.8 * np.log(density) - 1.44), 0.3, 1.3)
        onset = notes[:, 0] / beat * period + np.clip(rng.normal(0, 0.006, len(ticks)), -0.012, 0.012)[at]
        end = np.maximum(notes[:, 1] / beat * period, onset + 0.03)
        order = np.argsort(onset, kind="stable")
        seconds, values, of = features(onset[order], end[order], notes[order, 2], notes[order, 3].astype(float))
        with torch.no_grad():
            inputs = torch.from_numpy(values[None]), torch.tensor(seconds[None], dtype=torch.float32)
            output = network(*inputs)[0].numpy()
        where = np.zeros(len(ticks), int)
        where[at[order]] = of
        sums += output[:2, where] / 2
    return ticks.astype(float), sums[0], sums[1]


def n_grams(index, pitch, length=9):
    """The sequences of intervals in the top and in the bottom line of notes with numbered onsets, as two sets; sequences
    with fewer than four different intervals are left out."""
    count, result = int(index.max()) + 1, []
    for line, function in ((np.full(count, -1), np.maximum), (np.full(count, 200), np.minimum)):
        function.at(line, index, pitch)
        step = np.diff(line)
        windows = (step[i : i + length] for i in range(max(0, len(step) - length + 1)))
        result.append({window.tobytes() for window in windows if len(set(window.tolist())) >= 4})
    return result


def performed_n_grams(path):
    """The n-grams of a performance, whose file has a constant tempo."""
    piece = read(path)
    seconds = piece["notes"][:, 0] * (piece["tempi"] or [500_000])[0] / 1e6 / piece["tpq"]
    return n_grams(onset_groups(seconds), piece["notes"][:, 2])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--network", help="a network written by train.py")
    parser.add_argument("--performances", help="a folder of performances whose music is left out")
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = load(options.network) if options.network else None
    known = [performed_n_grams(path) for path in sorted(glob.glob(f"{options.performances}/*.mid"))]
    pieces, left_out = [], 0
    for folder in options.folders:
        for path, source, composer, title in files(folder):
            if network is None and source not in TRUE_BARS:
                continue
            if is_evaluated(source, composer, title):
                left_out += 1
                continue
            piece = read(path)
            notes, signatures = piece["notes"], piece["signatures"]
            if len(notes) < 80 or not signatures or signatures[0][0] > 0 or not 2 <= signatures[0][2] <= 16:
                continue
            grams = n_grams(np.unique(notes[:, 0], return_inverse=True)[1], notes[:, 2])
            if any(len(a) > 20 and len(a & b) > 0.08 * len(a) for other in known for a, b in zip(grams, other)):
                left_out += 1
                continue
            bars, margin = (true_bars(piece), 9.0) if source in TRUE_BARS else found_bars(piece, network)
            pieces.append(dict(piece, source=source, bars=bars, margin=margin))
    with open(options.output, "wb") as file:
        pickle.dump(pieces, file)
    print(f"{len(pieces)} scores; {left_out} left out because the evaluated performances may contain them")


if __name__ == "__main__":
    main()
