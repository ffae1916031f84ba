#!/usr/bin/env python3
"""Measures what other tools make of the annotated sets of a folder, as rows of the table that `accuracy` prints.

    python3 -m venv venv && venv/bin/pip install partitura pretty_midi mir_eval numpy
    venv/bin/python Benchmarks/accuracy-peers.py FOLDER

Beats: `beats/NAME.mid` beside `beats/NAME_annotations.txt`. No tool is given a tempo or a start; pretty_midi follows the
file's own tempo map, as it always does.
"""
import glob
import os
import sys
import warnings

import mir_eval
import numpy as np

warnings.filterwarnings("ignore")


def tempo(beats):
    return 60 / np.median(np.diff(beats)) if len(beats) > 1 else 0.0


def partitura_beats(path):
    import partitura
    from partitura.musicanalysis import estimate_time

    estimate = estimate_time(partitura.load_performance_midi(path).note_array())
    beats = np.asarray(estimate["beats"], dtype=float)
    return beats[:, 0] if beats.ndim == 2 else beats, float(estimate["tempo"])


def pretty_midi_beats(path):
    import pretty_midi

    midi = pretty_midi.PrettyMIDI(path)
    return midi.get_beats(), float(midi.estimate_tempo())


def measure(folder, tool):
    scores = []
    for annotations in sorted(glob.glob(os.path.join(folder, "beats", "*_annotations.txt"))):
        with open(annotations) as lines:
            reference = np.array([float(line.split("\t")[0]) for line in lines if line.strip()])
        try:
            beats, bpm = tool(annotations.replace("_annotations.txt", ".mid"))
        except Exception as error:  # a tool that fails on a file has found nothing in it
            print(f"{annotations}: {error}", file=sys.stderr)
            beats, bpm = np.array([]), 0.0
        late = mir_eval.beat.f_measure(mir_eval.beat.trim_beats(reference), mir_eval.beat.trim_beats(beats))
        scores.append(
            (
                mir_eval.beat.f_measure(reference, beats),
                late,
                float(abs(tempo(beats) / tempo(reference) - 1) <= 0.08),
                float(abs(bpm / tempo(reference) - 1) <= 0.08),
            )
        )
    return np.mean(scores, axis=0), len(scores)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: accuracy-peers.py FOLDER")
    print("| task | files | partitura | pretty_midi |\n|---|---|---|---|")
    columns = [measure(sys.argv[1], tool) for tool in (partitura_beats, pretty_midi_beats)]
    tasks = [
        "beats, F at ±70 ms",
        "beats, F at ±70 ms, first 5 s left out",
        "tempo within 8 %, of the beats",
        "tempo within 8 %, as the tool estimates it",
    ]
    for row, task in enumerate(tasks):
        print(f"| {task} | {columns[0][1]} | " + " | ".join(f"{means[row]:.3f}" for means, _ in columns) + " |")
