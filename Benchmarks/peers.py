"""Measures the time that peers take for the MIDI files of a folder: peers.py read|encode FOLDER prints the shortest in seconds."""

import pathlib
import sys
import time

import miditok
import symusic


def best(passes, work, paths):
    times = []
    for _ in range(passes):
        start = time.perf_counter()
        for path in paths:
            work(path)
        times.append(time.perf_counter() - start)
    return min(times)


what, folder = sys.argv[1:]
paths = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix in (".mid", ".midi"))
if what == "read":
    print(best(15, symusic.Score, paths))
else:
    print(best(3, miditok.MIDILike(miditok.TokenizerConfig()), paths))
