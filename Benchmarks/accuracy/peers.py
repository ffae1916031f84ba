"""The answers of other tools on a file."""

import time
import warnings

import numpy as np

from annotations import QUALITIES, pitch_class

warnings.filterwarnings("ignore")

MUSIC21_KEYS = {
    "Krumhansl": "key.krumhansl", "Aarden-Essen": "key.aarden", "Bellman-Budge": "key.bellman",
    "Temperley": "key.temperley", "Simple": "key.simple",
}  # fmt: skip
TRIADS = {"major": "maj", "minor": "min", "diminished": "dim", "augmented": "aug"}
CHORDER_QUALITIES = {
    "M": "maj", "m": "min", "o": "dim", "+": "aug", "7": "7", "M7": "maj7", "m7": "min7", "o7": "dim7", "/o7": "hdim7",
    "sus2": "sus2", "sus4": "sus4",
}  # fmt: skip


def music21_score(path):
    import music21

    return music21.converter.parse(path, forceSource=True, storePickle=False)


def music21_keys(score):
    """{analyser: (pitch class, is minor)}"""
    keys = {name: score.analyze(method) for name, method in MUSIC21_KEYS.items()}
    return {name: (key.tonic.pitchClass, key.mode == "minor") for name, key in keys.items()}


def music21_chords(score):
    """{method: {beat: (root, quality, bass)}} on quarter notes, from the slices of `chordify`.

    One method takes the slice at the middle of the beat, the other all notes that sound in the beat as one chord.
    """
    import music21

    # A note held over a bar line may make its bar longer than the meter, which delays everything after it.
    for part in score.parts:
        start = 0
        for bar in part.getElementsByClass("Measure"):
            part.setElementOffset(bar, start)
            start += bar.barDuration.quarterLength
    middle, whole = {}, {}
    for chord in score.flatten().chordify().flatten().getElementsByClass("Chord"):
        start, end = float(chord.offset), float(chord.offset + chord.quarterLength)
        for beat in range(int(start), int(np.ceil(end))):
            whole.setdefault(beat, set()).update(chord.pitches)
            if start <= beat + 0.5 < end:
                middle[beat] = music21_name(chord)
    joined = {beat: music21_name(music21.chord.Chord(sorted(pitches))) for beat, pitches in whole.items()}
    return {"slices": middle, "whole beats": joined}


def music21_name(chord):
    """The chord with exactly these intervals above its root or, if the vocabulary has none, the quality of its triad.

    Notes of MIDI files are spelled separately, and a chord of G sharp and E flat would have no fifth, so the chord is
    respelled first.
    """
    chord = chord.simplifyEnharmonics()
    root = chord.root().pitchClass
    held = {(pitch_class - root) % 12 for pitch_class in chord.pitchClasses}
    exact = next((name for name, intervals in QUALITIES.items() if set(intervals) == held), None)
    return root, exact or TRIADS.get(chord.quality), chord.bass().pitchClass


def music21_seconds(path):
    """The time from a file to its key and chords."""
    start = time.perf_counter()
    score = music21_score(path)
    score.analyze("key")
    score.chordify()
    return time.perf_counter() - start


def chorder_chords(path):
    import miditoolkit
    from chorder import Dechorder

    chords = enumerate(Dechorder.dechord(miditoolkit.MidiFile(path)))
    return {
        beat: (chord.root_pc, CHORDER_QUALITIES[chord.quality], chord.bass_pc)
        for beat, chord in chords
        if chord.quality is not None
    }


def partitura_notes(path):
    import partitura

    return partitura.load_performance_midi(path).note_array()


def partitura_key(path):
    from partitura.musicanalysis import estimate_key

    name = estimate_key(partitura_notes(path))
    return pitch_class(name.removesuffix("m")), name.endswith("m")


def partitura_beats(path):
    from partitura.musicanalysis import estimate_time

    estimate = estimate_time(partitura_notes(path))
    beats = np.asarray(estimate["beats"], dtype=float)
    return beats[:, 0] if beats.ndim == 2 else beats, float(estimate["tempo"])


def pretty_midi_beats(path):
    """The beats of the file's tempo map, which pretty_midi always follows, and its estimate of the tempo."""
    import pretty_midi

    midi = pretty_midi.PrettyMIDI(path)
    return midi.get_beats(), float(midi.estimate_tempo())
