"""Measures reading, encoding, writing, startup, parallel jobs and memory: encode.py [FOLDER of MIDI files]

The default files are ten copies of each piece of the corpus.
"""

import itertools
import os
import pathlib
import random
import shutil
import sys
import tempfile

from measuring import AURL, HERE, MEASURE, line, median_ms, output, peak_mb, seconds

PEERS = [sys.executable, HERE / "peers.py"]


def compare_with_peers(folder):
    for what, peer, goal in [("read", "symusic", 1.0), ("encode", "MidiTok MIDILike", 100)]:
        # Aurl runs before and after the peer, so that other load affects both.
        ours, theirs, again = [output(*c, what, folder) for c in ([MEASURE], PEERS, [MEASURE])]
        best = min(float(ours.split()[0]), float(again.split()[0]))
        line(f"{what}, times as fast as {peer}", f"{float(theirs) / best:.2f}", f">= {goal}")
        print(f"    {1000 * best:.1f} ms against {1000 * float(theirs):.1f} ms")


def measure_program(scratch):
    large = scratch / "large"
    large.mkdir()
    output(MEASURE, "generate", large, "1", "5000")
    line("aurl --version, start to exit", f"{median_ms(AURL, '--version'):.1f} ms", "< 20 ms")
    encode = [AURL, "encode", large / "piece-0.mid", "-q", "-o", scratch / "large.tokens"]
    line("aurl encode of 5,000 notes, start to exit", f"{median_ms(*encode):.1f} ms", "< 40 ms")


def measure_batch(scratch):
    many = scratch / "many"
    many.mkdir()
    output(MEASURE, "generate", many, "500", "4000")
    numbers = itertools.count()

    def batch(jobs):
        # A new folder each time, since some file systems are slow to reuse blocks that were just deleted.
        return [AURL, "encode", many, "-q", "-o", scratch / f"result-{next(numbers)}", "--jobs", str(jobs)]

    times = {jobs: [] for jobs in (1, 2, 4)}
    for _ in range(9):
        for jobs in times:
            times[jobs].append(seconds(*batch(jobs)))
    best = {jobs: min(values) for jobs, values in times.items()}
    line("500 files, --jobs 2, times as fast as --jobs 1", f"{best[1] / best[2]:.2f}", ">= 1.7")
    print("    " + ", ".join(f"--jobs {jobs}: {1000 * t:.0f} ms" for jobs, t in best.items()))
    line("500 files, peak memory", f"{peak_mb(*batch(os.cpu_count())):.0f} MB", "< 150 MB")


def measure_writing(scratch):
    """Measures whether the time and memory of `aurl decode` are linear in the number of notes."""
    generator = random.Random(1)
    times, peaks = {}, {}
    for notes in (100_000, 1_000_000):
        tokens = ["770"]
        for _ in range(notes):
            pitch = generator.randrange(21, 109)
            tokens += [str(pitch), str(255 + generator.randint(1, 32)), str(128 + pitch)]
        path = scratch / f"{notes}.tokens"
        path.write_text("\n".join(tokens))
        decode = [AURL, "decode", path, "-q", "-o", scratch / "decoded.mid"]
        times[notes] = min(seconds(*decode) for _ in range(5))
        peaks[notes] = peak_mb(*decode)
    (few, many), (low, high) = times.values(), peaks.values()
    line("aurl decode, 1,000,000 notes, times as long as 100,000", f"{many / few:.1f}", "<= 11")
    print(f"    {few:.2f} s against {many:.2f} s")
    line("the same, memory a note", f"{(high - low) * 2**20 / 900_000:.0f} bytes", "< 1000")


# Files are in memory if possible, so that the speed of disks does not matter.
memory = pathlib.Path("/dev/shm")
with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
    scratch = pathlib.Path(name)
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else scratch / "pieces"
    if len(sys.argv) == 1:
        folder.mkdir()
        for copy in range(10):
            for piece in sorted((HERE.parent / "corpus").glob("*.mid")):
                shutil.copy(piece, folder / f"{copy}-{piece.name}")
    compare_with_peers(folder)
    measure_program(scratch)
    measure_batch(scratch)
    measure_writing(scratch)
