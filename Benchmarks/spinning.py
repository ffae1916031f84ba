"""Measures how much training gains from the bound on the spinning of OpenMP's threads: spinning.py [STEPS [ROUNDS]]

`aurl-train benchmark` runs with the bound and with the default of the OpenMP runtime, on an idle machine and beside a process that keeps
one processor busy. Needs libtorch, and a machine that nothing else uses.
"""

import json
import os
import statistics
import subprocess
import sys

from measuring import AURL, busy_processor, line

TRAIN = AURL.parent / "aurl-train"
# A setting for the OpenMP runtime of LLVM, to its default, lifts the bound; libtorch's runtime, that of GNU, ignores it.
WAITING = {"bounded": {}, "default": {"KMP_BLOCKTIME": "200"}}


def tokens_per_second(waiting, steps):
    unset = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")
    environment = {name: value for name, value in os.environ.items() if name not in unset} | WAITING[waiting]
    command = [TRAIN, "benchmark", "--preset", "small", "--batch", "8", "--steps", str(steps), "--threads", str(os.cpu_count())]
    printed = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(printed.splitlines()[-1])["tokensPerSecond"]


def measure(what, steps, rounds):
    speeds = {waiting: [] for waiting in WAITING}
    for turn in range(rounds):
        for waiting in sorted(WAITING, reverse=turn % 2 == 1):
            speeds[waiting].append(tokens_per_second(waiting, steps))
    bounded, default = (statistics.median(speeds[waiting]) for waiting in WAITING)
    line(f"training {what}, bounded, times as fast as by default", f"{bounded / default:.2f}", ">= 1")
    print(f"    {bounded:.0f} against {default:.0f} tokens/s")


def main(steps="10", rounds="3"):
    measure("idle", int(steps), int(rounds))
    with busy_processor():
        measure("beside a busy process", int(steps), int(rounds))


main(*sys.argv[1:])
