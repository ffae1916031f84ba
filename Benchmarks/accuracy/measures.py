"""The measures of the table. For a file a measure is a list of numbers; for a set it is the mean of all of them."""

import mir_eval
import numpy as np

from annotations import third

NAMES = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"]


def key_scores(truth, answer):
    """Whether the key is right, and MIREX's score, with partial credit for fifth-related, relative and parallel keys."""
    names = [f"{NAMES[key[0]]} {'minor' if key[1] else 'major'}" if key else "X" for key in (truth, answer)]
    weighted = mir_eval.key.weighted_score(*names) if answer else 0.0
    return {"key": [float(truth == answer)], "key, MIREX weighted": [weighted]}


def chord_scores(truth, answers):
    """For each beat, whether the chord at its middle is right; a missing answer is wrong."""
    scores = {"root": [], "maj/min": [], "root and quality": [], "root, quality and bass": []}
    for beat, (root, quality, bass) in truth.items():
        answer = answers.get(beat)
        root_right = answer is not None and answer[0] == root
        quality_right = root_right and answer[1] == quality
        scores["root"].append(root_right)
        scores["root and quality"].append(quality_right)
        scores["root, quality and bass"].append(quality_right and answer[2] == bass)
        if third(quality) is not None:
            known = root_right and answer[1] is not None
            scores["maj/min"].append(known and third(answer[1]) == third(quality))
    return scores


def tempo(beats):
    return 60 / np.median(np.diff(beats)) if len(beats) > 1 else 0.0


def beat_scores(truth, beats, bpm=None):
    """Scores of beats and tempo; `bpm` is a tempo that a tool reports in addition to its beats."""
    late = mir_eval.beat.f_measure(mir_eval.beat.trim_beats(truth), mir_eval.beat.trim_beats(beats))
    scores = {
        "beats": [mir_eval.beat.f_measure(truth, beats)],
        "beats, first 5 s left out": [late],
        "tempo": [abs(tempo(beats) / tempo(truth) - 1) <= 0.08],
    }
    if bpm is not None:
        scores["tempo by itself"] = [abs(bpm / tempo(truth) - 1) <= 0.08]
    return scores
