"""Prints overlap areas and divergences of two sets of MIDI files, as rows of the table in SetDifferenceTests.swift.

The definitions are those of Yang & Lerch (2020) with the kernel density estimate of SciPy, as in their toolbox: distances
within the first set are compared with distances between the sets. Needs `pip install muspy==0.5.0 scipy`.
Usage: python3 set-difference.py FILE... -- FILE...
"""

import sys

import muspy
import numpy as np
from scipy import integrate, stats


def features(path):
    music = muspy.read_midi(path)
    notes = sorted(
        ((n.time, n.pitch) for t in music.tracks if not t.is_drum for n in t.notes))
    pitches = np.array([p for _, p in notes])
    classes = np.zeros(12)
    for pitch in pitches:
        classes[pitch % 12] += 1 / len(pitches)
    moves = np.zeros((12, 12))
    for a, b in zip(pitches, pitches[1:]):
        moves[a % 12, b % 12] += 1 / (len(pitches) - 1)
    return {
        "pitchCount": [len(set(pitches))],
        "noteCount": [len(pitches)],
        "pitchClassHistogram": classes,
        "pitchClassTransitions": moves.ravel(),
        "pitchRange": [pitches.max() - pitches.min()],
        "meanPitchShift": [np.abs(np.diff(pitches)).mean()],
    }


split = sys.argv.index("--")
first = [features(path) for path in sys.argv[1:split]]
second = [features(path) for path in sys.argv[split + 1:]]
for name in first[0]:
    a = [np.asarray(f[name], float) for f in first]
    b = [np.asarray(f[name], float) for f in second]
    within = [np.linalg.norm(x - y) for i, x in enumerate(a) for j, y in enumerate(a) if i != j]
    between = [np.linalg.norm(x - y) for x in a for y in b]
    p, q = stats.gaussian_kde(within), stats.gaussian_kde(between)
    low, high = min(within + between), max(within + between)
    area = integrate.quad(lambda x: min(p(x)[0], q(x)[0]), low, high, limit=500)[0]
    divergence = stats.entropy(
        p(np.linspace(min(within), max(within), 1000)), q(np.linspace(min(between), max(between), 1000)))
    print(f'    ("{name}", {area:.4f}, {divergence:.4f}),')
