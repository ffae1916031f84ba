"""Measures the time that peers of the analyzer take for the MIDI files of a folder, including reading them.

analyze_peers.py music21|muspy FOLDER prints the shortest time in seconds. music21 estimates the key and chordifies; MusPy
computes its fourteen metrics.
"""

import pathlib
import sys
import time


def best(passes, work, paths):
    times = []
    work(paths[0])  # Warm-up: modules that are loaded on first use are not measured.
    for _ in range(passes):
        start = time.perf_counter()
        for path in paths:
            work(path)
        times.append(time.perf_counter() - start)
    return min(times)


def with_music21(path):
    score = music21.converter.parse(path, forceSource=True)
    score.analyze("key")
    for chord in score.chordify().recurse().getElementsByClass("Chord"):
        chord.root()


def with_muspy(path):
    music = muspy.read_midi(path)
    signature = music.time_signatures[0] if music.time_signatures else None
    bar = music.resolution * 4
    if signature:
        bar = bar * signature.numerator // signature.denominator
    muspy.n_pitches_used(music)
    muspy.n_pitch_classes_used(music)
    muspy.pitch_range(music)
    muspy.empty_beat_rate(music)
    muspy.empty_measure_rate(music, bar)
    muspy.polyphony(music)
    muspy.polyphony_rate(music)
    muspy.pitch_in_scale_rate(music, 0, "major")
    muspy.scale_consistency(music)
    muspy.pitch_entropy(music)
    muspy.pitch_class_entropy(music)
    muspy.groove_consistency(music, bar)
    muspy.drum_in_pattern_rate(music, "duple")
    muspy.drum_pattern_consistency(music)


what, folder = sys.argv[1:]
paths = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix in (".mid", ".midi"))
if what == "music21":
    import music21

    print(best(1, with_music21, paths))
else:
    import muspy

    print(best(3, with_muspy, paths))
