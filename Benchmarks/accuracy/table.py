#!/usr/bin/env python3
"""Compares the analyzer with other tools on annotated music and prints a table: table.py ACCURACY FOLDER [JOBS]

ACCURACY is this package's program that measures the analyzer. Its figures are checked by scoring the analyzer's answers
here, like those of the other tools.
"""

import json
import math
import multiprocessing
import pathlib
import re
import subprocess
import sys
import tempfile
from collections import defaultdict

import numpy as np

import annotations
import measures
import peers
import scores as annotated_scores

# music21 takes many seconds for the chords of a song.
SONGS_PER_CHORDIFY = 20
SETS = {"pop909-cl/": "POP909-CL", "keys/op28": "Chopin op. 28", "keys/op87": "Shostakovich op. 87",
        "keys/op11": "Scriabin op. 11", "beats/": "performances"}  # fmt: skip
CHORDS = ["root", "maj/min", "root and quality", "root, quality and bass"]
GOALS = {("POP909-CL", "key"): 89, ("Chopin op. 28", "key"): 92, ("Shostakovich op. 87", "key"): 86,
         **{("POP909-CL", row): goal for row, goal in zip(CHORDS, (92, 90, 75, 70))},
         ("performances", "beats"): 60, ("performances", "tempo"): 50}  # fmt: skip
# The names of these rows in the output of `accuracy`.
OWN_ROWS = {
    **{(name, "key"): f"global key, {own}" for name, own in [
        ("POP909-CL", "POP909"), ("Chopin op. 28",) * 2, ("Shostakovich op. 87",) * 2, ("Scriabin op. 11",) * 2,
        ("performances", "piano performances")]},
    **{("POP909-CL", row): f"chord at beat centers, POP909, {row}" for row in CHORDS},
    ("POP909-CL", "local key"): "local key at beats, POP909",
    ("performances", "beats"): "beats, F at ±70 ms",
    ("performances", "beats, first 5 s left out"): "beats, F at ±70 ms, first 5 s left out",
    ("performances", "downbeats"): "downbeats, F at ±70 ms",
    ("performances", "tempo"): "tempo within 8 %",
}  # fmt: skip


def attempt(work, *arguments):
    """The result of a tool, or None with a message if it fails."""
    try:
        return work(*arguments)
    except Exception as error:
        print(f"{work.__name__}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def key_named(name):
    return name and (annotations.pitch_class(name.split()[0]), name.endswith("minor"))


def truth_of(path, ours):
    if path.parent.name == "pop909-cl":
        signatures = annotations.signature_keys(path)
        key = signatures[0][1:] if signatures else None
        return {"key": key, "signatures": signatures, "chords": annotations.chords_at_beat_centers(path)}
    if path.parent.name == "keys":
        return {"key": annotations.label_key(path)}
    beats, downbeats = annotations.beat_times(path.with_name(path.stem + "_annotations.txt"))
    return {"key": key_named(ours.get("annotatedKey")), "beats": beats, "downbeats": downbeats}


def our_scores(path, truth, ours):
    scores = measures.key_scores(truth["key"], key_named(ours.get("key"))) if truth["key"] else {}
    if "chords" in truth:
        seconds = annotations.seconds_of_ticks(path)
        quarter = annotations.miditoolkit.MidiFile(str(path)).ticks_per_beat
        spans = [(c["startSeconds"], c["endSeconds"], (c["root"], c["quality"], c["bass"])) for c in ours["chords"]]
        centers = {beat: seconds[beat * quarter + quarter // 2] for beat in truth["chords"]}
        scores |= measures.chord_scores(truth["chords"], {beat: at(spans, time) for beat, time in centers.items()})
    if truth.get("signatures") and ours["localKeys"]:
        keys = [(k["startSeconds"], k["endSeconds"], key_named(k["name"])) for k in ours["localKeys"]]
        found = [(at(keys, seconds[tick]), tick) for tick in range(0, len(seconds), quarter)]
        scores["local key"] = [
            key == next((s[1:] for s in reversed(truth["signatures"]) if s[0] <= tick), truth["key"])
            for key, tick in found if key is not None
        ]  # fmt: skip
    if "beats" in truth:
        scores |= measures.beat_scores(truth["beats"], np.array(ours["beatsSeconds"]))
        scores["downbeats"] = measures.beat_scores(truth["downbeats"], np.array(ours["downbeatsSeconds"]))["beats"]
    return scores


def at(spans, time):
    """The value at a time, with a tolerance of 1 µs for rounded times."""
    return next((value for start, end, value in spans if start <= time + 1e-6 and time + 1e-6 < end), None)


def measure(job):
    """{tool: {row: scores}} of a file, and the times of music21 and the analyzer in seconds."""
    path, ours, has_chordify = job
    truth = truth_of(path, ours)
    results, seconds = {"aurl": our_scores(path, truth, ours)}, None
    with tempfile.TemporaryDirectory() as folder:
        copy = f"{folder}/piece.mid"
        annotations.write_without_annotations(path, copy, "chords" in truth)
        score = attempt(peers.music21_score, copy)
        if truth["key"]:
            keys = score and attempt(peers.music21_keys, score)
            for analyser in peers.MUSIC21_KEYS:
                results[f"music21 {analyser}"] = measures.key_scores(truth["key"], keys and keys[analyser])
            results["partitura"] = measures.key_scores(truth["key"], attempt(peers.partitura_key, copy))
        if "chords" in truth:
            results["chorder"] = measures.chord_scores(truth["chords"], attempt(peers.chorder_chords, copy) or {})
        if has_chordify:
            chords = score and attempt(peers.music21_chords, score) or {"slices": {}, "whole beats": {}}
            for method, answers in chords.items():
                results[f"music21 {method}"] = measures.chord_scores(truth["chords"], answers)
            results["aurl beside music21"] = {row: results["aurl"][row] for row in CHORDS}
            seconds = (attempt(peers.music21_seconds, copy), ours["elapsedSeconds"])
        if "beats" in truth:
            for tool, work in [("partitura", peers.partitura_beats), ("pretty_midi", peers.pretty_midi_beats)]:
                beats, bpm = attempt(work, copy) or (np.array([]), 0.0)
                results.setdefault(tool, {}).update(measures.beat_scores(truth["beats"], beats, bpm))
    name = f"{path.parent.name}/{path.stem}"
    return next(title for prefix, title in SETS.items() if name.startswith(prefix)), results, seconds


def percent(value):
    return f"{100 * value:.1f}" if value is not None and not math.isnan(value) else ""


def own_figures(program, folder):
    """{task: (files, percent)} and {task: (percent, name) of the best single key profile} as printed by `accuracy`."""
    figures, profiles = {}, {}
    for line in subprocess.run([program, folder], check=True, capture_output=True, text=True).stdout.splitlines()[2:]:
        task, files, score = [cell.strip() for cell in line.strip("| ").split(" | ")]
        value = float(score.split()[0])
        figures[task] = (int(files), value if "%" in score else 100 * value)
        single = re.findall(r"([A-Z]\w+) ([\d.]+) %", score.partition("single profiles:")[2])
        if single:
            profiles[task] = max((float(share), name) for name, share in single)
    return figures, profiles


def best_of(tool, means, group, row):
    """The best result among the ways to use a tool, and that way."""
    found = [(mean, name.partition(" ")[2]) for (g, name, r), mean in means.items()
             if g == group and r == row and name.split()[0] == tool]  # fmt: skip
    return max(found, default=(None, ""))


def print_table(means, figures, profiles):
    """Prints the table; returns whether all figures of `accuracy` agree with those computed here."""
    agrees = True
    print("| task | files | aurl | music21 | partitura | chorder | pretty_midi | simple baseline | goal |")
    print("|---|---|---|---|---|---|---|---|---|")
    rows = dict.fromkeys((group, row) for group in SETS.values() for g, tool, row in means if g == group)
    for group, row in rows:
        own = OWN_ROWS.get((group, row))
        if own is None and row == "tempo by itself":
            ours, files = "", figures[OWN_ROWS[(group, "tempo")]][0]
        elif own is None:
            ours, files = percent(means.get((group, "aurl", row))), figures[OWN_ROWS[(group, "key")]][0]
        else:
            files, value = figures[own]
            ours = f"**{value:.1f}**"
            again = 100 * means[(group, "aurl", row)]
            if abs(again - value) > 0.15:
                agrees = False
                print(f"{group}, {row}: {value:.1f} according to accuracy, {again:.1f} computed here", file=sys.stderr)
        cells = []
        for tool in ("music21", "partitura", "chorder", "pretty_midi"):
            value, way = best_of(tool, means, group, row)
            cells.append(percent(value) + (f" ({way})" if way else ""))
        if row in CHORDS and cells[0]:
            beside = percent(means[(group, "aurl beside music21", row)])
            cells[0] += f"; aurl on these songs {beside}"
        share, name = profiles.get(own, (None, ""))
        templates = figures.get(f"{own}, by 120 templates")
        baseline = f"{share:.1f} ({name})" if name else f"{templates[1]:.1f} (templates)" if templates else ""
        goal = GOALS.get((group, row), "")
        print(f"| {group}: {row} | {files} | {ours} | {' | '.join(cells)} | {baseline} | {goal} |")
    return agrees


def print_details(means, seconds):
    print("\n| key, music21 with | " + " | ".join(peers.MUSIC21_KEYS) + " |")
    print("|---" * (1 + len(peers.MUSIC21_KEYS)) + "|")
    for group in SETS.values():
        shares = [percent(means.get((group, f"music21 {name}", "key"))) for name in peers.MUSIC21_KEYS]
        if any(shares):
            print(f"| {group} | " + " | ".join(shares) + " |")
    if seconds:
        theirs, ours = (sum(column) for column in zip(*seconds))
        print(f"\nReading, key and chords of {len(seconds)} songs on one thread: aurl {ours:.3f} s, music21 {theirs:.1f} s;")
        print(f"aurl is {theirs / ours:.0f} times as fast (goal: 200).")


if __name__ == "__main__":
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    workers = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    figures, profiles = own_figures(program, folder)
    lines = subprocess.run([program, "--answers", folder], check=True, capture_output=True, text=True).stdout
    jobs, pieces = [], []
    for ours in map(json.loads, lines.splitlines()):
        if ours["file"].startswith("harmony/"):
            path = folder / (ours["file"] + ".mid")
            if path.with_suffix(".tsv").exists():
                pieces.append(annotated_scores.Piece(path, ours))
            continue
        is_song = ours["file"].startswith("pop909-cl/")
        songs = sum(job[0].parent.name == "pop909-cl" for job in jobs)
        jobs.append((folder / (ours["file"] + ".mid"), ours, is_song and songs % SONGS_PER_CHORDIFY == 0))
    scores, seconds = defaultdict(list), []
    with multiprocessing.Pool(workers, maxtasksperchild=60) as pool:
        for done, (group, results, took) in enumerate(pool.imap_unordered(measure, jobs), 1):
            if sys.stderr.isatty():
                print(f"\r{done} of {len(jobs)} files", end="\n" if done == len(jobs) else "", file=sys.stderr, flush=True)
            if took and took[0]:
                seconds.append(took)
            for tool, rows in results.items():
                for row, values in rows.items():
                    scores[(group, tool, row)] += values
    means = {key: float(np.mean(values)) for key, values in scores.items() if values}
    print("Percent right; beats: F at ±70 ms, in percent.\n")
    agrees = print_table(means, figures, profiles)
    print_details(means, seconds)
    if pieces:
        agrees = annotated_scores.print_table(pieces, figures) and agrees
    sys.exit(0 if agrees else 1)
