"""Reads the annotations of annotated files, and makes copies of the files without them."""

import math
import pathlib

import mido
import miditoolkit
import numpy as np

QUALITIES = {
    "maj": (0, 4, 7), "min": (0, 3, 7), "dim": (0, 3, 6), "aug": (0, 4, 8), "sus2": (0, 2, 7), "sus4": (0, 5, 7),
    "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "min7": (0, 3, 7, 10), "hdim7": (0, 3, 6, 10), "dim7": (0, 3, 6, 9),
    "minmaj7": (0, 3, 7, 11), "maj6": (0, 4, 7, 9), "min6": (0, 3, 7, 9),
}  # fmt: skip


def pitch_class(name):
    """The pitch class of a name such as Bb, B-, F# or f#."""
    name = name.strip()
    return ("C D EF G A B".index(name[0].upper()) + name.count("#") - name[1:].count("b") - name.count("-")) % 12


def third(quality):
    return next((interval for interval in QUALITIES[quality] if interval in (3, 4)), None)


def named_chord(pitches):
    """Root, quality and bass of pitches that exactly form a chord, preferably in root position; else None."""
    classes, bass = {pitch % 12 for pitch in pitches}, min(pitches) % 12
    for root in [bass] + sorted(classes - {bass}):
        for quality, intervals in QUALITIES.items():
            if classes == {(root + interval) % 12 for interval in intervals}:
                return root, quality, bass
    return None


def signature_keys(path):
    """The key signatures as (tick, pitch class, is minor)."""
    keys = []
    for track in mido.MidiFile(path).tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "key_signature":
                name = message.key
                keys.append((tick, pitch_class(name.removesuffix("m")), name.endswith("m")))
    return sorted(keys)


def label_key(path):
    """The key in the file beside a piece: Bb, or bb for minor."""
    label = pathlib.Path(path).with_suffix(".key").read_text().strip()
    return pitch_class(label), label[0].islower()


def chords_at_beat_centers(path):
    """{beat: (root, quality, bass)} from the last track, which has the chords as block chords."""
    midi = miditoolkit.MidiFile(str(path))
    blocks, quarter, found = {}, midi.ticks_per_beat, {}
    for note in midi.instruments[-1].notes:
        blocks.setdefault(note.start, []).append(note)
    starts = sorted(blocks)
    for start, following in zip(starts, starts[1:] + [math.inf]):
        end = min(following, max(note.end for note in blocks[start]))
        chord = named_chord([note.pitch for note in blocks[start]])
        if chord is None:
            continue
        for beat in range(start // quarter, end // quarter + 1):
            if start <= beat * quarter + quarter // 2 < end:
                found[beat] = chord
    return found


def seconds_of_ticks(path):
    return miditoolkit.MidiFile(str(path)).get_tick_to_time_mapping()


def beat_times(path):
    """The times of the beats and of the downbeats in seconds."""
    rows = [line.split("\t") for line in path.read_text().splitlines() if line.strip()]
    return [np.array([float(row[0]) for row in rows if row[2].startswith(kind)]) for kind in (("b", "db"), "db")]


def write_without_annotations(path, copy, has_chords):
    """Copies a file without its chord track and key signatures, so that no tool can read the answers."""
    midi = mido.MidiFile(path)
    if has_chords:
        midi.tracks.pop()
    for track in midi.tracks:
        late = 0
        for message in list(track):
            if message.type == "key_signature":
                late += message.time
                track.remove(message)
            else:
                message.time, late = message.time + late, 0
    midi.save(copy)
