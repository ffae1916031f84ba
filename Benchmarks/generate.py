"""Measures the inference engine, relative to memory bandwidth and PyTorch, and the parallel jobs of `aurl generate`.

generate.py [MODEL.safetensors [scalar|avx2|avx512|avx512vnni|neon]]

PyTorch is measured if it is installed (`Benchmarks/run training` installs it).
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from measuring import AURL, HERE, line, seconds

ROUNDS = 11


def peer():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    python = cache / "aurl/torch-venv/bin/python"
    installed = python.exists() and not subprocess.run(
        [python, HERE / "training/installed.py"], stderr=subprocess.DEVNULL
    ).returncode
    return ["--peer", python, HERE / "training/stream.py"] if installed else []


def eight_takes(options, folder):
    def time(first_seed, jobs):
        command = [AURL, "generate", "-q", "--count", "8", "--seconds", "120", "--seed", str(first_seed)]
        return seconds(*command, *options, "--jobs", str(jobs), "-o", folder)

    ratios = [time(seed, 1) / time(seed, 2) for seed in range(0, 8 * ROUNDS, 8)]
    line("8 takes, --jobs 2, times as fast as --jobs 1", f"{statistics.median(ratios):.2f}", ">= 1.8")
    print(f"    {min(ratios):.2f} to {max(ratios):.2f} in {ROUNDS} turns")


subprocess.run([HERE / ".build/release/engine", *sys.argv[1:], *peer()], check=True)
with tempfile.TemporaryDirectory() as folder:
    eight_takes(["--model", sys.argv[1]] if len(sys.argv) > 1 else [], folder)
