"""`aurl live` offline: what decisions cost in real time, how answers match their calls, and whether sessions can be repeated.

live.py [FOLDER of MIDI files] [--files N] [--performances FOLDER]

Each file is played in phrases of 8 s, with pauses or a pedal as the signal, in every mode; decisions are measured again beside a
busy processor. A file NAME.key beside a piece says its key, otherwise its key signature does. `--files` takes the first N files only, to
try it. With `--performances`, the false entries are counted of files that are played straight on. What needs MIDI ports is measured by `make test-ports` and `Benchmarks/ports.sh`.
"""

import argparse
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile

from duets import Duet, scale, scale_of_piece, shared
from measuring import AURL, HERE, busy_processor, line, median_ms

# Soft pedal down and up, as a file of its own track can hold it.
PEDAL = bytes([0xB0, 67, 127, 1, 0xB0, 67, 0])
BPM = 100


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))] if ordered else float("nan")


def number(value, places=0):
    return f"{value:.{places}f}"


def delta(ticks):
    """A variable-length quantity."""
    groups = [ticks & 127]
    while ticks := ticks >> 7:
        groups.insert(0, ticks & 127 | 128)
    return bytes(groups)


def track(events):
    """A track chunk of messages with their ticks, by rising tick."""
    data, tick = b"", 0
    for at, message in events:
        data += delta(at - tick) + message
        tick = at
    data += b"\0\xff\x2f\0"
    return b"MTrk" + struct.pack(">I", len(data)) + data


def with_pedal(path, seconds=9.0, every=10.0):
    """The file with a soft pedal every `every` seconds, as a further track in the time of a tempo of 120.

    Pieces at other tempi get it at other times, which is as good.
    """
    data = pathlib.Path(path).read_bytes()
    length, form, tracks, division = struct.unpack(">IHHH", data[4:14])
    times = [int((seconds + every * index) * 2 * division) for index in range(12)]
    pedals = [(time, PEDAL[:3]) for time in times] + [(time + 1, PEDAL[4:]) for time in times]
    header = data[:8] + struct.pack(">HHH", 1, tracks + 1, division) + data[14 : 8 + length]
    return header + data[8 + length :] + track(sorted(pedals))


def dense(seconds):
    """Music of some 100 tokens a second: 32 notes, each a start, an end and a time shift."""
    events = []
    for index in range(int(seconds * 32)):
        pitch = 48 + [0, 4, 7, 12, 16, 19, 14, 11, 9, 5, 2, 7][(index * 5 + index // 24) % 12] + index // 97 % 5
        tick = index * 30
        events += [(tick, bytes([0x90, pitch, 60 + index % 40])), (tick + 29, bytes([0x80, pitch, 64]))]
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480) + track(events)


def session(player, options, record=None):
    """The report of a session, and the seconds of processor time and the peak of memory in MB that it took."""
    command = [AURL, "live", "--offline", "--quiet", "--player", player, "--report", "-", *options]
    child = subprocess.Popen([*command, *(["--record", record] if record else [])], stdout=subprocess.PIPE)
    text = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command} failed")
    return json.loads(text), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def sessions(files, folder, options, again=True):
    """The duets of sessions with files, their reports, and how many were the same when played again."""
    duets, reports, same = [], [], 0
    for index, path in enumerate(files):
        first, second = folder / "first.mid", folder / "second.mid"
        settings = ["--seed", str(index), *options]
        phrases = [] if {"cc:67", "trade"} & set(options) else ["--phrases", "8"]
        report, _, _ = session(path, [*settings, *phrases], first)
        reports.append(report)
        duets.append(Duet(first, report))
        if again:
            subprocess.run([AURL, "live", "--offline", "--quiet", "--player", first, "--record", second, *settings], check=True)
            same += first.read_bytes() == second.read_bytes()
    return duets, reports, same


def turns(reports):
    return [turn for report in reports for turn in report["turns"] if turn["notes"]]


def decisions(reports, key="decisionMs"):
    return [turn[key] for report in reports for turn in report["turns"] if "decisionMs" in turn]


def scales(files, reports):
    """The number of answers of pieces in a known scale, of those in an adopted key, and of those in the scale of the piece."""
    pairs = [(scale_of_piece(path), turn.get("key")) for path, report in zip(files, reports) for turn in report["turns"]]
    pairs = [(own, key) for own, key in pairs if own is not None]
    return len(pairs), sum(key is not None for _, key in pairs), sum(key is not None and scale(key) == own for own, key in pairs)


def yields(reports):
    return [report["yieldMs"]["max"] for report in reports if "yieldMs" in report]


def motifs(duets):
    """The share of answers with a figure of their call, and of figures that are the call's."""
    counts = [shared(call, answer) for duet in duets for call, answer in duet.exchanges()]
    counts = [count for count in counts if count[1]]
    return sum(own > 0 for own, _ in counts) / len(counts), sum(own for own, _ in counts) / sum(all for _, all in counts)


def off_grid(duets):
    """The largest distance of the model's onsets from sixteenths and eighth triplets, in ms."""
    worst = 0
    for duet in duets:
        for start, _ in duet.aurl:
            beats = start * BPM / 60
            distance = min(abs(beats - round(beats * units) / units) for units in (3, 4))
            worst = max(worst, distance * 60_000 / BPM)
    return worst


def measure_answers(files, folder):
    """Pauses, pedals and the other modes: matches, entries, yields and repeated sessions."""
    duets, reports, same = sessions(files, folder, ["--handover", "pause"])
    answers = turns(reports)
    line("answers in pauses", len(answers), None)
    for what, key, goal in (
        ("density, octaves", "density", 0.25),
        ("dynamics, levels", "level", 0.2),
        ("register, semitones", "register", 3.5),
    ):
        error = statistics.median(turn["cost"][key] for turn in answers)
        line(f"{what}: median error of the first stretch", number(error, 2), f"<= {goal}")
    outside = max(turn["cost"]["key"] for turn in answers)
    line("starts outside key and what was heard, worst first stretch", number(outside, 2), "0")
    known, bound, right = scales(files, reports)
    line("answers in an adopted key, of pieces in a known scale", f"{bound}/{known}", None)
    line("adopted keys with the scale of the piece", number(right / max(1, bound), 3), ">= 0.95")
    line("first note after a pause, p95, ms", number(quantile([t["entryMs"] for t in answers], 0.95)), "<= 600")
    having, share = motifs(duets)
    line("answers with a figure of the call, develop 0.3", f"{100 * having:.0f} %", ">= 30 %")
    line("figures that are the call's, develop 0.3", number(share, 2), ">= 0.06")
    for develop, goal in ((1, ">= 80 %"), (0, None)):
        having, share = motifs(sessions(files, folder, ["--handover", "pause", "--develop", str(develop)], again=False)[0])
        line(f"answers with a figure of the call, develop {develop}", f"{100 * having:.0f} %", goal)
        line(f"figures that are the call's, develop {develop}", number(share, 2), None)

    pedals = []
    for index, path in enumerate(files):
        pedals.append(folder / f"pedal-{index}.mid")
        pedals[-1].write_bytes(with_pedal(path))
    signal = ["--handover", "cc:67", "--answer", "2"]
    _, signaled, again = sessions(pedals, folder, signal)
    line("first note after a signal, p95, ms", number(quantile([t["entryMs"] for t in turns(signaled)], 0.95)), "<= 260")
    late = yields(reports) + yields(signaled)
    line("last onset of an answer after the player's, p99, ms", number(quantile(late, 0.99)), "<= 10")
    line("last onset of an answer after the player's, max, ms", number(max(late)), "<= 15")

    traded, _, others = sessions(files, folder, ["--mode", "trade", "--bpm", str(BPM)])
    line("largest distance from the grid, ms", number(off_grid(traded), 2), "<= 1")
    repeated, count = same + again + others, len(files) + len(pedals) + len(files)
    for mode in ("continue", "accompany"):
        repeated += sessions(files[:5], folder, ["--mode", mode])[2]
        count += len(files[:5])
    line("sessions that are the same when played again", f"{repeated}/{count}", f"{count}/{count}")
    return pedals, signaled, signal


def measure_decisions(pedals, reports, signal, folder):
    line("decision after a signal, p95, ms", number(quantile(decisions(reports), 0.95), 1), "<= 10")
    line("tokens that are thought of for it, p95", number(quantile(decisions(reports, "decisionTokens"), 0.95)), None)
    with busy_processor():
        times = decisions(sessions(pedals, folder, signal, again=False)[1])
    line("with a processor busy, p95, ms", number(quantile(times, 0.95), 1), "<= 20")


def measure_load(folder, minutes=10):
    """Long sessions of dense music beside a busy processor: their share of a core, and memory."""
    short, long = folder / "short.mid", folder / "long.mid"
    short.write_bytes(dense(60 * minutes / 5))
    long.write_bytes(dense(60 * minutes))
    with busy_processor():
        for mode, options, goal in (("respond", ["--phrases", "8"], 15), ("accompany", [], 35)):
            settings = ["--seed", "1", "--mode", mode, *options]
            _, _, first = session(short, settings)
            report, used, peak = session(long, settings)
            share = 100 * used / report["seconds"]
            line(f"{mode}, {report['seconds'] / 60:.0f} minutes of dense music: of a core", f"{share:.0f} %", f"<= {goal} %")
            line(f"{mode}: memory, MB, and more than a fifth of it takes", f"{peak:.0f} {peak - first:+.1f}", None)
            line(f"{mode}: phrases that failed", report["failures"], "0")


def measure_real_time(path, folder, seconds=120):
    """A session in real time on the synthesizer, beside a busy processor."""
    options = ["--phrases", "8", "--synth", "--audio", "file", "--seconds", str(seconds), "--seed", "1"]
    command = [AURL, "live", "--quiet", "--player", path.resolve(), "--report", "-", *options]
    with busy_processor():
        report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout)
    line(f"{seconds} s in real time beside a busy processor: real-time priority", str(report["realTime"]), None)
    line("decision in a pause, p95, ms", number(report["decisionMs"]["p95"], 1), "<= 350")
    line("first note after a pause, p95, ms", number(report["entryMs"]["p95"]), "<= 600")
    line("wake-up of the sending thread, p99, ms", number(report["wakeMs"]["p99"], 2), None)
    line("messages sent late by, p99, ms", number(report["scheduledErrorMs"]["p99"], 2), "<= 3")
    for what, key in (("plans that ran out", "underruns"), ("late notes", "lateNotes"), ("dropped notes", "droppedNotes")):
        line(what, report[key], "0")
    line("notes that hang", report["stuck"], "0")


def measure_entries(files):
    """False entries in music that is played straight on."""
    reports = [session(path, ["--seed", "1", "--handover", "pause", "--answer", "2"])[0] for path in files]
    minutes = sum(report["seconds"] for report in reports) / 60
    entries = sum(report["falseEntries"] for report in reports)
    line(f"false entries a minute, {minutes:.0f} minutes", number(entries / minutes, 2), "<= 3.5")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", default=HERE.parent / "corpus", type=pathlib.Path)
    parser.add_argument("--files", type=int)
    parser.add_argument("--performances", type=pathlib.Path)
    arguments = parser.parse_args()
    files = sorted(arguments.folder.glob("*.mid"))[: arguments.files]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pedals, reports, signal = measure_answers(files, folder)
        measure_decisions(pedals, reports, signal, folder)
        measure_load(folder, minutes=10 if arguments.files is None else 1)
        measure_real_time(files[0], folder, seconds=120 if arguments.files is None else 20)
        line("start with the model, and a file of no calls, ms", number(start_ms(folder)), "<= 2000")
    if arguments.performances:
        measure_entries(sorted(arguments.performances.rglob("*.mid"))[: arguments.files])


def start_ms(folder):
    path = folder / "one.mid"
    path.write_bytes(dense(0.1))
    return median_ms(AURL, "live", "--offline", "--quiet", "--player", path, "--handover", "none", runs=5)


main()
