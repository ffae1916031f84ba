"""Keys, chords, cadences and bar numbers of annotated scores: NAME.mid beside NAME.tsv, 120 quarters a minute.

An independent implementation of what `accuracy` counts, with simple baselines and with 95 % intervals from 1,000
bootstrap samples of the pieces. Shares are of the answers of all pieces together.
"""

import csv
from collections import Counter, defaultdict
from fractions import Fraction

import miditoolkit
import numpy as np

from annotations import QUALITIES, pitch_class

CADENCES = {"PAC": "perfectAuthentic", "IAC": "imperfectAuthentic", "HC": "half", "DC": "deceptive", "PC": "plagal"}
# The key profiles of Albrecht & Shanahan (2013), major and minor.
PROFILES = [[.238, .006, .111, .006, .137, .094, .016, .214, .009, .080, .008, .081],
            [.220, .006, .104, .123, .019, .103, .012, .214, .062, .022, .061, .052]]  # fmt: skip
# Parameters of the baseline for local keys: quarters in the window, weight of a correlation, cost of a key change.
WINDOW, SHARPNESS, CHANGE = 8, 10, 55


def key_number(name):
    tonic, mode = name.split()
    return pitch_class(tonic) + 12 * (mode == "minor")


def read_labels(path):
    labels = defaultdict(list)
    with open(path) as file:
        for row in csv.DictReader(file, delimiter="\t"):
            labels[row["kind"]].append((float(row["start"]), float(row["end"] or row["start"]), row))
    return labels


def sampled(grid, spans):
    """The value of the span at each position of a grid, or None; the last of overlapping spans counts."""
    values = [None] * len(grid)
    for start, end, value in spans:
        first, last = np.searchsorted(grid, [start - 0.001, end - 0.001])
        values[first:last] = [value] * max(0, last - first)
    return values


def paired(truth, found, tolerance):
    """The number of pairs within the tolerance, matched in order."""
    found, count = sorted(found), 0
    for position in sorted(truth):
        while found and found[0] < position - tolerance - 0.001:
            found.pop(0)
        if found and found[0] <= position + tolerance + 0.001:
            found.pop(0)
            count += 1
    return count


def f_parts(truth, found, tolerance):
    return 2 * paired(truth, found, tolerance), len(truth) + len(found)


class Piece:
    """Counts of one piece: {row: [right, all]}, and (confidence, right) of the answers by kind."""

    def __init__(self, path, ours):
        self.counts = defaultdict(lambda: [0.0, 0.0])
        self.confidences = defaultdict(list)
        labels = read_labels(path.with_suffix(".tsv"))
        self.home = key_number(labels["key"][0][2]["value"])
        self.end = labels["key"][0][1]
        self.grid = np.arange(0.25, self.end, 0.5)
        self.true_keys = [(start, end, key_number(row["value"])) for start, end, row in labels["localkey"]]
        self.add("global key", ours["key"] is not None and key_number(ours["key"]) == self.home)
        keys = [(2 * k["startSeconds"], 2 * k["endSeconds"], key_number(k["name"])) for k in ours["localKeys"]]
        right = self.add_keys(keys, "")
        sure = sampled(self.grid, [(s, e, k["confidence"]) for (s, e, _), k in zip(keys, ours["localKeys"])])
        known = [t is not None for t in sampled(self.grid, self.true_keys)]
        self.confidences["keys"] = [(c, r) for c, r, k in zip(sure, right, known) if k and c is not None]
        chords = [(2 * c["startSeconds"], 2 * c["endSeconds"], c) for c in ours["chords"]]
        self.add_chords(labels["chord"], chords, right, "")
        self.add_cadences(labels["cadence"], ours["cadences"])
        self.add_bars(labels["measure"], ours)
        self.add_baselines(miditoolkit.MidiFile(str(path)), labels)

    def add(self, row, right, all=1):
        self.counts[row][0] += right
        self.counts[row][1] += all

    def add_keys(self, spans, prefix):
        truth, found = sampled(self.grid, self.true_keys), sampled(self.grid, spans)
        for true, answer in zip(truth, found):
            if true is None:
                continue
            self.add(prefix + "local key", true == answer)
            if true != self.home:
                self.add(prefix + "local key away from home", true == answer)
        true_changes, changes = ([(b[0], b[2]) for a, b in zip(s, s[1:]) if a[2] != b[2]] for s in (self.true_keys, spans))
        self.add(prefix + "key changes within 4 quarters, F", *f_parts([t for t, _ in true_changes], [t for t, _ in changes], 4))
        for key in range(24):
            parts = f_parts([t for t, k in true_changes if k == key], [t for t, k in changes if k == key], 4)
            self.add(prefix + "key changes and new key, F", *parts)
        return [true == answer for true, answer in zip(truth, found)]

    def add_chords(self, labels, spans, key_right, prefix):
        truth, found = sampled(self.grid, labels_as_spans(labels)), sampled(self.grid, spans)
        for index, (true, answer) in enumerate(zip(truth, found)):
            if true is None or true["quality"] == "other":
                continue
            wanted = "hdim7" if true["quality"] == "hdim" else true["quality"]
            root = answer is not None and answer["root"] == int(true["root"])
            quality = root and answer["quality"] == wanted
            bass = quality and answer["bass"] == int(true["bass"])
            self.add(prefix + "chord root", root)
            self.add(prefix + "chord root and quality", quality)
            self.add(prefix + "chord root, quality and bass", bass)
            if true["label"].startswith("V(64)"):
                self.add(prefix + "cadential six-four named V", root)
            if key_right:
                self.add("numeral: key, degree, quality, inversion", key_right[index] and bass)
            if answer is not None and "confidence" in answer:
                self.confidences["chords"].append((answer["confidence"], quality))

    def add_cadences(self, labels, cadences):
        if not labels:
            return
        evaded = [start for start, _, row in labels if row["value"] == "EC"]
        truth = [(start, row["value"]) for start, _, row in labels if row["value"] != "EC"]
        found = [(2 * c["timeSeconds"], c) for c in cadences]
        found = [(time, c) for time, c in found if not any(abs(time - e) <= 1 for e in evaded)]
        times, places = [time for time, _ in found], [start for start, _ in truth]
        self.add("cadences, any kind, F", *f_parts(places, times, 1))
        self.add("cadences, any kind, precision", paired(places, times, 1), len(times))
        self.add("cadences, any kind, recall", paired(places, times, 1), len(places))
        for name, kind in CADENCES.items():
            parts = f_parts([s for s, v in truth if v == name], [t for t, c in found if c["kind"] == kind], 1)
            self.add(f"cadences, {name}, F", *parts)
            self.add("cadences and kind, F", *parts)
        for time, cadence in found:
            self.confidences["cadences"].append((cadence["confidence"], any(abs(s - time) <= 1.001 for s in places)))

    def add_bars(self, labels, ours):
        """Tables that count from 0 have no pickup."""
        if not labels:
            return
        whole = (b for b in labels if abs(b[1] - b[0] - 4 * Fraction(b[2]["label"])) < 0.01)
        bar = next(whole, labels[0])
        if bar[2]["value"] == "0":
            return
        numbers = {round(2 * time, 2): ours["firstBarNumber"] + i for i, time in enumerate(ours["downbeatsSeconds"])}
        right = str(numbers.get(round(bar[0], 2))) == bar[2]["value"]
        self.add("number of the first full bar", right)
        if labels[0][2]["value"] == "0":
            self.add("number of the first full bar, with pickup", right)

    def add_baselines(self, midi, labels):
        notes = [note for track in midi.instruments if not track.is_drum for note in track.notes]
        table, lowest = np.zeros((int(np.ceil(self.end)), 12)), np.full(int(np.ceil(self.end)), 999)
        for note in notes:
            start, end = note.start / midi.ticks_per_beat, note.end / midi.ticks_per_beat
            for quarter in range(int(start), min(len(table), int(np.ceil(end)))):
                table[quarter, note.pitch % 12] += min(end, quarter + 1) - max(start, quarter)
                lowest[quarter] = min(lowest[quarter], note.pitch)
        sums = np.pad(table, ((WINDOW // 2, WINDOW // 2), (0, 0))).cumsum(0)
        path = viterbi(SHARPNESS * correlations(sums[WINDOW:] - sums[:-WINDOW]))
        self.add_keys(joined(path), "baseline, ")
        names = [(root, name) for name in QUALITIES if name in ("maj", "min", "dim", "aug", "7", "maj7", "min7", "hdim7", "dim7")
                 for root in range(12)]  # fmt: skip
        shapes = np.array([[((pc - root) % 12 in QUALITIES[q]) / len(QUALITIES[q]) ** 0.5 for pc in range(12)] for root, q in names])
        best = (table @ shapes.T).argmax(1)
        spans = [
            (i, i + 1, {"root": names[b][0], "quality": names[b][1], "bass": lowest[i] % 12})
            for i, b in enumerate(best) if table[i].any()
        ]  # fmt: skip
        self.add_chords(labels["chord"], spans, None, "baseline, ")


def labels_as_spans(labels):
    return [(start, end, row) for start, end, row in labels]


def correlations(table):
    """The correlations of each row with the profiles of the 24 keys."""
    profiles = np.array([np.roll(PROFILES[key // 12], key % 12) for key in range(24)])
    profiles = profiles - profiles.mean(1, keepdims=True)
    rows = table - table.mean(1, keepdims=True)
    norms = np.linalg.norm(rows, axis=1, keepdims=True) * np.linalg.norm(profiles, axis=1)
    return rows @ profiles.T / np.maximum(norms, 1e-9)


def viterbi(scores):
    best, origins = scores[0], []
    for row in scores[1:]:
        stay_or_change = np.maximum(best, best.max() - CHANGE)
        origins.append(np.where(best >= best.max() - CHANGE, np.arange(24), best.argmax()))
        best = stay_or_change + row
    path = [int(best.argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1]


def joined(path):
    starts = [0] + [i for i in range(1, len(path)) if path[i] != path[i - 1]]
    return [(a, b, path[a]) for a, b in zip(starts, starts[1:] + [len(path)])]


def calibration_error(pairs):
    """Expected calibration error over ten bins (Guo et al. 2017)."""
    bins = defaultdict(list)
    for confidence, right in pairs:
        bins[min(9, int(10 * confidence))].append((confidence, right))
    return sum(abs(sum(c - r for c, r in values)) for values in bins.values()) / max(1, len(pairs))


def summary(pieces):
    """{row: (percent, low, high)}, and {kind of answer: calibration error}."""
    draws = np.random.default_rng(1).integers(0, len(pieces), (1000, len(pieces)))
    rows = {}
    for row in dict.fromkeys(row for piece in pieces for row in piece.counts):
        table = np.array([piece.counts.get(row, (0, 0)) for piece in pieces])
        sums = table[draws].sum(1)
        low, high = np.percentile(sums[:, 0] / np.maximum(1e-9, sums[:, 1]), [2.5, 97.5])
        rows[row] = tuple(100 * x for x in (table[:, 0].sum() / max(1e-9, table[:, 1].sum()), low, high))
    kinds = Counter(kind for piece in pieces for kind in piece.confidences)
    errors = {kind: calibration_error([pair for piece in pieces for pair in piece.confidences[kind]]) for kind in kinds}
    return rows, errors


def print_table(pieces, figures):
    """Prints the rows of annotated scores; returns whether `accuracy` reports the same figures."""
    rows, errors = summary(pieces)
    agrees = True
    print("\n| scores with expert labels | aurl | 95 % interval | simple baseline |\n|---|---|---|---|")
    for row, (value, low, high) in rows.items():
        if row.startswith("baseline"):
            continue
        base = rows.get("baseline, " + row)
        print(f"| {row} | **{value:.1f}** | {low:.1f}–{high:.1f} | {f'{base[0]:.1f}' if base else ''} |")
        theirs = figures.get(f"scores, {row}", (0, float("nan")))[1]
        if not abs(theirs - value) <= 0.15:
            agrees = False
            print(f"scores, {row}: {theirs} according to accuracy, {value:.1f} computed here")
    for kind, error in errors.items():
        print(f"| expected calibration error of {kind} | {error:.3f} | | |")
    return agrees
