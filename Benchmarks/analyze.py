"""Measures the speed of the analyzer and of its peers on the same files: analyze.py [FOLDER of MIDI files]

The default folder is the corpus.
"""

import pathlib
import sys
import tempfile

from measuring import AURL, HERE, MEASURE, line, output, peak_mb, seconds

PEERS = [sys.executable, HERE / "analyze_peers.py"]


def compare_with_peers(folder):
    for ours, peer, what, goal in [
        ("analyze", "music21", "everything, times as fast as music21's key and chordify", 200),
        ("metrics", "muspy", "fourteen metrics, times as fast as MusPy", 10),
    ]:
        # Aurl runs before and after the peer, so that other load affects both.
        first, theirs, again = [output(*c, folder) for c in ([MEASURE, ours], [*PEERS, peer], [MEASURE, ours])]
        best = min(float(first.split()[0]), float(again.split()[0]))
        line(what, f"{float(theirs) / best:.0f}", f">= {goal}")
        print(f"    {1000 * best:.1f} ms against {1000 * float(theirs):.1f} ms")


def measure_program(scratch):
    long = scratch / "long"
    long.mkdir()
    output(MEASURE, "generate", long, "1", "20000")
    piece = long / "piece-0.mid"
    page = scratch / "page.html"
    line("aurl analyze of 20,000 notes", f"{min(seconds(AURL, 'analyze', piece) for _ in range(9)):.2f} s", "< 0.3 s")
    for what, option in [("--json", []), ("--html", [page])]:
        command = [AURL, "analyze", piece, what, *option]
        line(f"    with {what}", f"{min(seconds(*command) for _ in range(9)):.2f} s", "")
    print(f"    the page has {page.stat().st_size / 1e6:.2f} MB")


def measure_batch(scratch):
    many = scratch / "many"
    many.mkdir()
    output(MEASURE, "generate", many, "1000", "2000")
    command = [AURL, "analyze", many, "--json", "-q", "--jobs", "2"]
    line("1,000 files, --jobs 2", f"{seconds(*command):.1f} s", "")
    line("    peak memory", f"{peak_mb(*command):.0f} MB", "< 150 MB")


if __name__ == "__main__":
    compare_with_peers(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "corpus")
    with tempfile.TemporaryDirectory() as name:
        measure_program(pathlib.Path(name))
        measure_batch(pathlib.Path(name))
