"""Functions shared by the sections of the benchmark."""

import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
AURL = HERE.parent / ".build/release/aurl"
MEASURE = HERE / ".build/release/measure"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def seconds(*command):
    """The wall-clock time of a process, in seconds."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def median_ms(*command, runs=51):
    return 1000 * statistics.median(seconds(*command) for _ in range(runs))


def peak_mb(*command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    return os.wait4(child.pid, 0)[2].ru_maxrss / 1024


def line(what, value, goal):
    print(f"{what:<58} {value:>12}" + (f"   goal {goal}" if goal else ""), flush=True)


class busy_processor:
    """Keeps one processor busy within a `with` statement."""

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-c", "while True: pass"])

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
