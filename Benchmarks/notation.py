"""Measures the accuracy of `aurl notate`: notation.py [FOLDER of MIDI files]

music21 reads the notation of each file. Onsets and lengths in seconds, by the tempos of the notation, are compared with those of the
MIDI file as read by symusic; deviations are in sixteenths at the tempo of the note. The default folder is the corpus.
"""

import bisect
import collections
import pathlib
import statistics
import sys
import tempfile

import music21
import symusic

from measuring import AURL, HERE, line, output

# The tolerance for equal onsets and lengths, in seconds: tempos are written with seven digits.
EXACT = 0.001


class TempoMap:
    """Conversion of quarters from the start of a score to seconds, by the exact tempo of each mark."""

    def __init__(self, part):
        tempos = {0.0: 120.0}
        for mark in part.flatten().getElementsByClass(music21.tempo.MetronomeMark):
            tempo = mark.numberSounding or mark.getQuarterBPM()
            if tempo:
                tempos[float(mark.offset)] = float(tempo)
        self.quarters = sorted(tempos)
        self.lengths = [60 / tempos[quarter] for quarter in self.quarters]
        self.seconds = [0.0]
        for index in range(1, len(self.quarters)):
            passed = self.quarters[index] - self.quarters[index - 1]
            self.seconds.append(self.seconds[-1] + passed * self.lengths[index - 1])

    def at(self, quarter):
        """The time of a position in quarters, and the length of a quarter there, both in seconds."""
        index = max(0, bisect.bisect_right(self.quarters, quarter + 1e-6) - 1)
        length = self.lengths[index]
        return self.seconds[index] + (quarter - self.quarters[index]) * length, length


def notated(path):
    """Returns [onset, end, is staccato, pitch] of each note, in quarters, and the tempo map. Tied notes of a part are joined."""
    score = music21.converter.parse(path, forceSource=True)
    found = []
    for number, part in enumerate(score.parts):
        open_ties = {}
        pieces = []
        for element in part.flatten().notes:
            for note in element.notes if element.isChord else [element]:
                start = float(element.offset)
                staccato = any(isinstance(a, music21.articulations.Staccato) for a in element.articulations + note.articulations)
                pieces.append((start, start + float(element.quarterLength), note.pitch.midi, note.tie or element.tie, staccato))
        for start, end, pitch, tie, staccato in sorted(pieces, key=lambda piece: piece[:3]):
            kind = tie.type if tie else None
            note = None
            if kind in ("stop", "continue"):
                note = next((n for n in open_ties.get(pitch, []) if abs(n[1] - start) < 1e-3), None)
            if note:
                note[1] = end
                open_ties[pitch].remove(note)
            else:
                note = [start, end, staccato, pitch]
                found.append(note)
            if kind in ("start", "continue"):
                open_ties.setdefault(pitch, []).append(note)
    return found, TempoMap(score.parts[0])


def performed(path):
    """Returns (onset, length, pitch) of all notes except drums, in seconds."""
    score = symusic.Score(path, ttype="second")
    return [(note.time, note.duration, note.pitch) for track in score.tracks if not track.is_drum for note in track.notes]


def start_of_notation(played, notes):
    """The median difference of onsets, over the pitches that have the same number of notes on both sides."""
    sides = [collections.defaultdict(list), collections.defaultdict(list)]
    for side, onsets in zip(sides, (played, notes)):
        for onset, *_, pitch in onsets:
            side[pitch].append(onset)
    pairs = [
        performed - written
        for pitch, onsets in sides[0].items()
        if len(onsets) == len(sides[1][pitch])
        for performed, written in zip(sorted(onsets), sorted(sides[1][pitch]))
    ]
    return statistics.median(pairs) if pairs else 0.0


def aligned(played, notes):
    """Aligns two rising sequences of onsets with the least sum of differences.

    Returns the index of the written onset for each played one, or None if it has none.
    """
    missing = 0.5
    # best[i][j]: the least cost of aligning the first i played notes with the first j written ones.
    best = [[0.0] * (len(notes) + 1)]
    for i, onset in enumerate(played):
        row = [best[i][0] + missing]
        for j, other in enumerate(notes):
            row.append(min(best[i][j] + abs(onset - other), best[i][j + 1] + missing, row[j]))
        best.append(row)
    pairs = [None] * len(played)
    i, j = len(played), len(notes)
    while i and j:
        if best[i][j] == best[i][j - 1]:
            j -= 1
        elif best[i][j] == best[i - 1][j] + missing:
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs[i] = j
    return pairs


def deviations(midi, notation):
    """Yields the deviations of onset and length in sixteenths, the length of a sixteenth in seconds, and whether the length is exact, for
    each note of the file.

    An exact length is the notated one, half of it for staccato, or shortened by an eighth of it and at most a 32nd, as in the corpus.
    Deviations of missing notes are infinite. Notation omits silence before the music: its start is placed so that the median difference
    of onsets is zero.
    """
    notes, tempos = notated(notation)
    played = performed(midi)
    silence = start_of_notation(played, [(tempos.at(start)[0], pitch) for start, _, _, pitch in notes])
    by_pitch = collections.defaultdict(lambda: ([], []))
    for onset, length, pitch in played:
        by_pitch[pitch][0].append((onset - silence, length))
    for start, end, staccato, pitch in notes:
        onset, quarter = tempos.at(start)
        length = tempos.at((start + end) / 2 if staccato else end)[0] - onset
        shortened = tempos.at(end - min((end - start) / 8, 1 / 8))[0] - onset
        by_pitch[pitch][1].append((onset, length, quarter / 4, length if staccato else shortened))
    for of_file, of_notation in by_pitch.values():
        of_file.sort()
        of_notation.sort()
        pairs = aligned([onset for onset, _ in of_file], [onset for onset, *_ in of_notation])
        for (onset, length), other in zip(of_file, pairs):
            if other is None:
                yield float("inf"), float("inf"), 1.0, False
                continue
            written, lasts, sixteenth, shortened = of_notation[other]
            is_exact = min(abs(lasts - length), abs(shortened - length)) <= EXACT
            yield abs(written - onset) / sixteenth, abs(lasts - length) / sixteenth, sixteenth, is_exact


def share(values):
    values = list(values)
    return f"{100 * sum(values) / max(1, len(values)):.1f} %"


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "corpus")
    everything, files = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for midi in sorted(folder.glob("*.mid")):
            notation = pathlib.Path(scratch) / f"{midi.stem}.musicxml"
            output(AURL, "notate", midi, "-o", notation, "-q")
            found = list(deviations(midi, notation))
            files += 1
            everything += found
            both = share(max(onset, length) <= 1 for onset, length, *_ in found)
            print(f"    {midi.stem[:50]:<50} {len(found):>6} notes {both:>8}", flush=True)
    line(f"notes in {files} files", len(everything), "")
    line("onsets that come back exactly", share(onset * unit <= EXACT for onset, _, unit, _ in everything), "")
    line("lengths that come back exactly", share(is_exact for *_, is_exact in everything), "")
    line("onsets within a sixteenth", share(onset <= 1 for onset, *_ in everything), "")
    line("lengths within a sixteenth", share(length <= 1 for _, length, *_ in everything), "")
    line("both within a sixteenth", share(max(onset, length) <= 1 for onset, length, *_ in everything), ">= 95 %")


if __name__ == "__main__":
    main()
