"""Prints the fourteen metrics of MusPy for MIDI files, as rows of the table in MusicMetricsTests.swift.

Needs `pip install muspy==0.5.0`. Usage: python3 muspy-metrics.py FILE...
Bars follow the first time signature, the scale is that of the first key signature, and the drum pattern is "triple" in
compound meters and otherwise "duple".
"""

import math
import pathlib
import sys

import muspy


def metrics(path):
    music = muspy.read_midi(path)
    signature = music.time_signatures[0] if music.time_signatures else None
    numerator, denominator = (signature.numerator, signature.denominator) if signature else (4, 4)
    bar = music.resolution * 4 * numerator // denominator
    key = music.key_signatures[0]
    compound = numerator > 3 and numerator % 3 == 0
    return [
        muspy.n_pitches_used(music),
        muspy.n_pitch_classes_used(music),
        muspy.pitch_range(music),
        muspy.empty_beat_rate(music),
        muspy.empty_measure_rate(music, bar),
        muspy.polyphony(music),
        muspy.polyphony_rate(music),
        muspy.pitch_in_scale_rate(music, key.root, key.mode),
        muspy.scale_consistency(music),
        muspy.pitch_entropy(music),
        muspy.pitch_class_entropy(music),
        muspy.groove_consistency(music, bar),
        muspy.drum_in_pattern_rate(music, "triple" if compound else "duple"),
        muspy.drum_pattern_consistency(music),
    ]


for path in sys.argv[1:]:
    values = ["nil" if math.isnan(value) else f"{value:.6f}".rstrip("0").rstrip(".") for value in metrics(path)]
    print(f'    ("{pathlib.Path(path).stem}", [{", ".join(values)}]),')
