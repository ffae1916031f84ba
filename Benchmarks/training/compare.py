#!/usr/bin/env python3
"""Trains alternately with `aurl-train` and with PyTorch; see training.sh."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
AURL = HERE.parent.parent / ".build/release/aurl-train"

parser = argparse.ArgumentParser()
for name, value in {"preset": "small", "batch": 8, "steps": 20, "threads": 2, "precision": "bfloat16"}.items():
    parser.add_argument(f"--{name}", default=str(value))
parser.add_argument("--rounds", type=int, default=3)
settings = vars(parser.parse_args())
rounds = settings.pop("rounds")
options = [part for name, value in settings.items() for part in (f"--{name}", value)]
# In both programs, waiting threads must not take the processor from working ones.
environment = os.environ | {"OMP_NUM_THREADS": settings["threads"], "OMP_WAIT_POLICY": "PASSIVE"}
commands = {"aurl": [AURL, "benchmark", *options], "PyTorch": [sys.executable, HERE / "twin.py", *options]}


def measure(command):
    """Tokens per second, and the processor time in seconds and peak memory in MB of the whole process."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    printed = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} failed")
    speed = json.loads(printed.splitlines()[-1])["tokensPerSecond"]
    return speed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


figures = {name: [] for name in commands}
for round in range(rounds):
    for name in sorted(commands, reverse=round % 2 == 1):
        figures[name].append(measure(commands[name]))
        print("{:<8} {:8.0f} tokens/s {:8.1f} s of processor time {:8.0f} MB".format(name, *figures[name][-1]), flush=True)


def report(what, column, goal):
    ratios = sorted(ours[column] / theirs[column] for ours, theirs in zip(*figures.values()))
    print(f"{what}, relative to PyTorch: {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}){goal}")


report("speed", 0, "   goal at least 1.0")
report("processor time, with start and warm-up", 1, "")
report("peak memory", 2, "   goal at most 1.2")
