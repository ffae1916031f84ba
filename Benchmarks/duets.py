"""Recorded duets of `aurl live`: what was called and answered."""

import symusic

CHORD = 0.05  # Onsets closer together than this are one, in seconds, as in aurl's `Melody`.


class Duet:
    """A recording and the turns of its report."""

    def __init__(self, path, report):
        score = symusic.Score(path).to("Second")
        # A track of several channels is read as several of one name.
        self.you, self.aurl = (
            sorted((note.start, note.pitch) for track in score.tracks if track.name == name for note in track.notes)
            for name in ("you", "aurl")
        )
        self.turns, self.seconds = report["turns"], report["seconds"]

    def exchanges(self):
        """Of each turn with notes: the call, of at most 20 s, and the answer."""
        begin = 0
        for turn in self.turns:
            start, end = turn["start"], turn["start"] + turn["seconds"]
            call = [note for note in self.you if max(begin, start - 20) <= note[0] < start]
            answer = [note for note in self.aurl if start - 0.001 <= note[0] <= end]
            if call and answer:
                yield call, answer
            begin = end


TONICS = {name: index for index, name in enumerate(("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"))}
TONICS |= {"C#": 1, "D#": 3, "Gb": 6, "G#": 8, "A#": 10, "Cb": 11, "E#": 5, "B#": 0, "Fb": 4}


def scale(key):
    """The tonic of the major scale with the signature of a key, such as `A minor` or, in labels, `a`: 0 for C."""
    name, _, mode = key.strip().partition(" ")
    is_minor = mode == "minor" or not mode and name[0].islower()
    return (TONICS[name[0].upper() + name[1:]] + 3 * is_minor) % 12


def scale_of_piece(path):
    """The scale of a piece by its label, a file of the same name with .key, or by its key signature if it has only one."""
    label = path.with_suffix(".key")
    if label.exists():
        return scale(label.read_text())
    signatures = {signature.key for signature in symusic.Score(path).key_signatures}
    return 7 * signatures.pop() % 12 if len(signatures) == 1 else None


def figures(notes):
    """The figures of four notes in the melody of the highest notes, as intervals, without mere repetitions."""
    melody = []
    for start, pitch in notes:
        if melody and start - melody[-1][0] < CHORD:
            melody[-1][1] = max(melody[-1][1], pitch)
        else:
            melody.append([start, pitch])
    intervals = [b[1] - a[1] for a, b in zip(melody, melody[1:])]
    return [figure for figure in zip(intervals, intervals[1:], intervals[2:]) if any(figure)]


def shared(call, answer):
    """How many figures of the answer are the call's, and how many it has."""
    known, own = set(figures(call)), figures(answer)
    return sum(figure in known for figure in own), len(own)
