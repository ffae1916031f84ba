"""Scores from MIDI files, and the place of each note in its beat and bar."""
import glob
import os

import mido
import numpy as np


def load(path):
    """Onset, end, pitch and velocity of each note, ticks per quarter, time signatures and beats a minute."""
    midi = mido.MidiFile(path, clip=True)
    notes, signatures, tempi = [], [], []
    for track in midi.tracks:
        # The chord annotations of POP909 are not played.
        if track.name == "chords":
            continue
        tick, sounding = 0, {}
        for message in track:
            tick += message.time
            if message.type == "set_tempo":
                tempi.append(message.tempo)
            elif message.type == "time_signature":
                signatures.append((tick, message.numerator, message.denominator))
            elif message.type == "note_on" and message.velocity > 0:
                sounding.setdefault((message.channel, message.note), []).append((tick, message.velocity))
            elif message.type in ("note_on", "note_off") and sounding.get((message.channel, message.note)):
                start, velocity = sounding[(message.channel, message.note)].pop(0)
                if message.channel != 9:
                    notes.append((start, max(tick, start + 1), message.note, velocity))
    signatures = sorted(set(signatures))
    if not signatures or signatures[0][0] > 0:
        signatures.insert(0, (0, 4, 4))
    # 60 quarters a minute is what engravers write when they do not care.
    tempo = np.median(tempi) if tempi and set(tempi) != {1_000_000} else None
    return dict(
        notes=np.array(sorted(notes), dtype=np.int64).reshape(-1, 4), tpq=midi.ticks_per_beat, signatures=signatures, tempo=tempo
    )


def load_folders(folders, least=60):
    scores = {}
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "**", "*.mid"), recursive=True)):
            try:
                score = load(path)
            except (OSError, ValueError, EOFError, KeyError, IndexError):
                continue
            if len(score["notes"]) > least:
                scores[path] = score
    return scores


def beat_ticks(numerator, denominator, tpq):
    """Ticks of a beat and of a bar; compound meters have dotted beats."""
    unit = 4 * tpq / denominator
    return (3 * unit if numerator in (6, 9, 12, 18, 24) else unit), numerator * unit


def places(score, pickup=0.0):
    """For each note its place in beats since the start and in the bar, and the beats of its bar.

    The first bar begins `pickup` quarters after the start of the first time signature.
    """
    onsets = score["notes"][:, 0].astype(float)
    beat, place, length = np.zeros(len(onsets)), np.zeros(len(onsets)), np.zeros(len(onsets))
    base = 0.0
    signatures = score["signatures"]
    for index, (tick, numerator, denominator) in enumerate(signatures):
        ticks, bar = beat_ticks(numerator, denominator, score["tpq"])
        end = signatures[index + 1][0] if index + 1 < len(signatures) else np.inf
        origin = tick + (pickup * score["tpq"] if index == 0 else 0)
        inside = (onsets >= tick) & (onsets < end)
        beat[inside] = base + (onsets[inside] - origin) / ticks
        place[inside] = ((onsets[inside] - origin) % bar) / ticks
        length[inside] = bar / ticks
        if end < np.inf:
            base += np.ceil((end - origin) / ticks - 1e-6)
    return beat, place, length
