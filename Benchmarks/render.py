#!/usr/bin/env python3
"""Compares `aurl render` with `fluidsynth -F`, with the same soundfont and settings.

Usage: render.py [AURL [SOUNDFONT]]

Prints medians of several runs: processor and wall-clock time of both, their ratios, the speedup by --jobs 2, and the
time from the start of the program to its first sample. Requires fluidsynth on the PATH.
"""

import os
import pathlib
import random
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

RUNS = 5
ROOT = pathlib.Path(__file__).resolve().parent.parent
AURL = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build/release/aurl")
SOUNDFONT = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "soundfonts/aurl.sf2")
# The settings of `aurl render`, for fluidsynth.
SETTINGS = {
    "synth.gain": 0.5, "synth.polyphony": 512, "synth.reverb.room-size": 0.5, "synth.reverb.damp": 0.3,
    "synth.reverb.width": 0.8, "synth.reverb.level": 0.7, "synth.chorus.nr": 3, "synth.chorus.level": 0.6,
    "synth.chorus.speed": 0.2, "synth.chorus.depth": 4.25,
}  # fmt: skip


def variable_length(value):
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.insert(0, value & 0x7F | 0x80)
    return bytes(digits)


def midi(path, notes, programs):
    """Writes a MIDI file of notes (start, end, channel, pitch, velocity) with ticks of 1 ms."""
    events = [(start, 1, bytes([0x90 | channel, pitch, velocity])) for start, _, channel, pitch, velocity in notes]
    events += [(end, 0, bytes([0x80 | channel, pitch, 0])) for _, end, channel, pitch, _ in notes]
    events += [(0, 0, bytes([0xC0 | channel, program])) for channel, program in programs.items()]
    track, now = b"", 0
    for tick, _, message in sorted(events):
        track += variable_length(tick - now) + message
        now = tick
    track += b"\0\xff\x2f\0"
    header = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 500)
    path.write_bytes(header + b"MTrk" + struct.pack(">I", len(track)) + track)


def pieces(folder):
    """Writes a piano piece, a band, and a slow texture of long chords, each of several minutes."""
    dice = random.Random(1)
    piano = []
    for step in range(1800):
        start = step * 125
        piano += [(start, start + dice.randint(100, 900), 0, dice.randint(30, 95), dice.randint(30, 110))
                  for _ in range(dice.randint(1, 3))]  # fmt: skip
    midi(folder / "piano.mid", piano, {0: 0})
    band = []
    for step in range(1200):
        start = step * 150
        band.append((start, start + 100, 9, dice.choice([36, 38, 42, 42, 46]), 90))
        band.append((start, start + 140, 1, 36 + dice.randint(0, 12), 80))
        band += [(start, start + 600, 2 + step % 4, dice.randint(52, 84), 70) for _ in range(2)]
    midi(folder / "band.mid", band, {1: 33, 2: 24, 3: 48, 4: 61, 5: 73})
    chords = [(bar * 2000, bar * 2000 + 2400, voice % 3, 40 + 5 * voice + bar % 5, 70)
              for bar in range(90) for voice in range(8)]  # fmt: skip
    midi(folder / "chords.mid", chords, {0: 48, 1: 19, 2: 52})
    return [folder / f"{name}.mid" for name in ("piano", "band", "chords")]


def run(command):
    """Wall-clock and processor seconds of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def medians(commands):
    """The median times of several commands, which run alternately, so that other load affects all of them."""
    times = [[run(command) for command in commands] for _ in range(RUNS)]
    return [tuple(statistics.median(column) for column in zip(*runs)) for runs in zip(*times)]


def first_sample(piece):
    """Milliseconds from the start of the program to the first sample on a pipe."""
    def once():
        command = [AURL, "render", str(piece), "-o", "-", "--quiet", "--soundfont", SOUNDFONT]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        got = 0
        while got <= 44:
            got += len(process.stdout.read(48))
        elapsed = time.perf_counter() - start
        process.kill()
        process.wait()
        return 1000 * elapsed
    return statistics.median(once() for _ in range(4 * RUNS))


def main():
    if not shutil.which("fluidsynth"):
        return print("skipped: nothing to compare with; install fluidsynth (in Debian, a package of this name)")
    options = [word for name, value in SETTINGS.items() for word in ("-o", f"{name}={value}")]
    # Files are in memory if possible, so that the speed of disks does not matter.
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as name:
        folder = pathlib.Path(name)
        files = pieces(folder)
        ours = [AURL, "render", "--quiet", "--soundfont", SOUNDFONT]
        print(f"soundfont {SOUNDFONT}, 48 kHz, 16 bits, median of {RUNS} runs")
        print(f"{'piece':<8} {'aurl wall':>10} {'cpu':>7} {'fluidsynth wall':>16} {'cpu':>7} {'ratio wall':>11} {'cpu':>6}")
        for piece in files:
            theirs = ["fluidsynth", "-q", "-n", "-i", *options, "-r", "48000", "-F", str(folder / "b.wav"), SOUNDFONT]
            mine, other = medians([[*ours, str(piece), "-o", str(folder / "a.wav")], [*theirs, str(piece)]])
            print(f"{piece.stem:<8} {mine[0]:>9.2f}s {mine[1]:>6.2f}s {other[0]:>15.2f}s {other[1]:>6.2f}s"
                  f" {other[0] / mine[0]:>11.2f} {other[1] / mine[1]:>6.2f}")  # fmt: skip
        shutil.copy(files[0], folder / "copy.mid")
        two = [*ours, str(files[0]), str(folder / "copy.mid"), "-o", str(folder / "out"), "--jobs"]
        one_job, two_jobs = medians([[*two, "1"], [*two, "2"]])
        print(f"two files with --jobs 2: {one_job[0] / two_jobs[0]:.2f} times as fast as with --jobs 1")
        print(f"start to first sample: {first_sample(files[0]):.1f} ms")


main()
