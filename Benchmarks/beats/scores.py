"""Scores from MIDI files, and the beats and bars of their time signatures."""
import collections
import csv
import glob
import os

import mido
import numpy as np

# MuseScore exports bars with their real lengths, including pickups and bars divided by repeats.
TRUE_BARS = {"openscore-lieder"}
# Performances and mensural vocal music, which are not used.
LEFT_OUT = {"giantmidi-cc-by", "nifc-polish-vocal-chamber"}
# Meter classes by beats in a bar and subdivisions of a beat; all others are 6.
METERS = {(2, 2): 0, (3, 2): 1, (4, 2): 2, (2, 3): 3, (3, 3): 4, (4, 3): 5}


def read(path):
    """The sorted notes (tick, end, pitch, velocity, track), time signatures (tick, numerator, denominator), tempi in
    microseconds a quarter, and ticks a quarter of a file. The chord annotations of POP909 are left out."""
    midi = mido.MidiFile(path, clip=True)
    notes, signatures, tempi = [], {}, []
    for number, track in enumerate(midi.tracks):
        tick, sounding = 0, {}
        for message in track:
            tick += message.time
            if message.type == "set_tempo":
                tempi.append((tick, message.tempo))
            elif message.type == "time_signature":
                signatures[tick] = (message.numerator, message.denominator)
            elif message.type in ("note_on", "note_off") and message.channel != 9 and track.name != "chords":
                key = message.channel, message.note
                if key in sounding:
                    start, velocity = sounding.pop(key)
                    notes.append((start, max(tick, start + 1), message.note, velocity, number))
                if message.type == "note_on" and message.velocity > 0:
                    sounding[key] = tick, message.velocity
    notes.sort(key=lambda note: (note[0], note[2]))
    return dict(
        notes=np.array(notes, np.int64).reshape(-1, 5), tpq=midi.ticks_per_beat,
        signatures=[(tick, *signatures[tick]) for tick in sorted(signatures)],
        tempi=[tempo for _, tempo in sorted(tempi)],
    )


def files(folder):
    """Path, source, composer and title of the scores of a folder: those in its manifest.tsv, or else all MIDI files."""
    if not os.path.exists(f"{folder}/manifest.tsv"):
        for path in sorted(glob.glob(f"{folder}/**/*.mid", recursive=True)):
            yield path, os.path.basename(os.path.normpath(folder)), "", ""
        return
    with open(f"{folder}/manifest.tsv", encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            if row["split"] == "train" and row["source"] not in LEFT_OUT:
                yield os.path.join(folder, row["path"]), row["source"], row["composer"], row["title"]


def units(numerator, denominator, tpq):
    """Ticks of a beat and of a bar, beats in a bar, and subdivisions of a beat. Numerators 6, 9, 12, 18 and 24 are
    compound; 3/8 has three beats."""
    unit = 4 * tpq / denominator
    compound = numerator in (6, 9, 12, 18, 24)
    count = numerator // 3 if compound else numerator
    return (3 * unit if compound else unit), numerator * unit, count, 3 if compound else 2


def true_bars(piece):
    """Bars (tick, numerator, denominator) of a file whose signatures give real lengths; the numerator of a pickup is −1.
    Two short bars that a repeat sign has divided are joined."""
    signatures, tpq, end = piece["signatures"], piece["tpq"], int(piece["notes"][:, 1].max())
    parts = []
    for (start, n, d), (stop, _, _) in zip(signatures, signatures[1:] + [(end, 0, 0)]):
        length = n * 4 * tpq // d
        parts += [(tick, n, d, length) for tick in range(start, stop - 1, length)]
    seen = collections.Counter(part[1:3] for part in parts)
    usual = {meter for meter, times in seen.items() if times >= 4} or {seen.most_common(1)[0][0]}
    bars, now, index = [], None, 0
    while index < len(parts):
        tick, n, d, length = parts[index]
        whole = now and now[0] * 4 * tpq // now[1]
        if now and (n, d) != now and index + 1 < len(parts) and length + parts[index + 1][3] == whole:
            bars.append((tick, *now))
            index += 2
            continue
        bars.append((tick, n if now or (n, d) in usual else -1, d))
        if (n, d) in usual:
            now = n, d
        index += 1
    return bars


def beats(piece):
    """The tick of each beat, whether it begins a bar, and its meter class. Beats of a pickup are counted back from the
    first full bar."""
    tpq, ticks, first, meter = piece["tpq"], [], [], []
    bars = piece["bars"] + [(int(piece["notes"][:, 1].max()) + 8 * tpq, 0, 0)]
    for (start, n, d), (stop, following, unit) in zip(bars, bars[1:]):
        if n > 0:
            beat, _, count, parts = units(n, d, tpq)
            places = np.arange(start, stop - 0.3 * beat, beat)
            first += [index % count == 0 for index in range(len(places))]
        elif following > 0:
            beat, _, count, parts = units(following, unit, tpq)
            places = np.arange(stop - beat, start - 0.01 * beat, -beat)[::-1]
            first += [False] * len(places)
        else:
            continue
        ticks += list(places)
        meter += [METERS.get((count, parts), 6)] * len(places)
    return np.array(ticks, float), np.array(first), np.array(meter)
