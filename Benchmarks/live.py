"""`aurl live` offline: what decisions cost in real time, how answers match their calls, and whether sessions can be repeated.

live.py [FOLDER of MIDI files]

Each file is played in phrases of 8 s, once with pauses and once with a pedal as the signal; a processor is kept busy in a second round.
The figures of docs/live.md for MIDI ports are measured by `make test-ports`.
"""

import json
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile

from measuring import AURL, HERE, line, output, peak_mb

# Soft pedal down and up, as a file of its own track can hold it.
PEDAL = bytes([0xB0, 67, 127, 1, 0xB0, 67, 0])


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def with_pedal(path, seconds=9.0, every=10.0):
    """The file with a soft pedal every `every` seconds, as a further track in the time of a tempo of 120.

    Pieces at other tempi get it at other times, which is as good.
    """
    data = pathlib.Path(path).read_bytes()
    length, form, tracks, division = struct.unpack(">IHHH", data[4:14])
    track, tick = b"", 0
    for index in range(12):
        at = int((seconds + every * index) * 2 * division)
        delta, tick = at - tick, at + 1
        groups = [delta & 127]
        while delta := delta >> 7:
            groups.insert(0, delta & 127 | 128)
        track += bytes(groups) + PEDAL
    track += b"\0\xff\x2f\0"
    header = data[:8] + struct.pack(">HHH", 1, tracks + 1, division) + data[14 : 8 + length]
    return header + data[8 + length :] + b"MTrk" + struct.pack(">I", len(track)) + track


def sessions(files, folder, options):
    """The reports of sessions with files, and how many were the same when played again from their recordings."""
    reports, same = [], 0
    for index, path in enumerate(files):
        first, second = folder / "first.mid", folder / "second.mid"
        settings = ["--offline", "--quiet", "--seed", str(index), *options]
        played = ["--player", path, *(["--phrases", "8"] if "pause" in options else [])]
        reports.append(json.loads(output(AURL, "live", *played, "--record", first, "--report", "-", *settings)))
        subprocess.run([AURL, "live", "--player", first, "--record", second, *settings], check=True)
        same += first.read_bytes() == second.read_bytes()
    return reports, same


def decisions(reports, key="decisionMs"):
    return [turn[key] for report in reports for turn in report["turns"] if "decisionMs" in turn]


def main():
    source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "corpus"
    files = sorted(source.glob("*.mid"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        reports, same = sessions(files, folder, ["--handover", "pause"])
        turns = [turn for report in reports for turn in report["turns"] if turn["notes"]]
        line("answers in pauses", len(turns), None)
        for what, key, goal in (
            ("density, octaves", "density", 0.25), ("dynamics, levels", "level", 0.2), ("register, semitones", "register", 3.5)
        ):
            line(f"{what}: median error of the first stretch", f"{statistics.median(t['cost'][key] for t in turns):.2f}", f"<= {goal}")
        entries = [turn["entryMs"] for turn in turns]
        line("first note after a pause, p95, ms", f"{quantile(entries, 0.95):.0f}", "<= 600")
        yields = [report["yieldMs"]["max"] for report in reports if "yieldMs" in report]
        pedals = []
        for index, path in enumerate(files):
            pedals.append(folder / f"pedal-{index}.mid")
            pedals[-1].write_bytes(with_pedal(path))
        signal = ["--handover", "cc:67", "--answer", "2"]
        reports, again = sessions(pedals, folder, signal)
        yields += [report["yieldMs"]["max"] for report in reports if "yieldMs" in report]
        entries = [turn["entryMs"] for report in reports for turn in report["turns"] if turn["notes"]]
        line("first note after a signal, p95, ms", f"{quantile(entries, 0.95):.0f}", "<= 260")
        line("last onset of an answer after the player's, max, ms", f"{max(yields):.0f}", "<= 15")
        sessions_made = len(files) + len(pedals)
        line("sessions that are the same when played again", f"{same + again}/{sessions_made}", f"{sessions_made}/{sessions_made}")
        line("decision after a signal, p95, ms", f"{quantile(decisions(reports), 0.95):.1f}", "<= 10")
        tokens = decisions(reports, "decisionTokens")
        line("tokens that are thought of for it, p95", f"{quantile(tokens, 0.95):.0f}", None)
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            times = decisions(sessions(pedals, folder, signal)[0])
        finally:
            busy.kill()
        line("with a processor busy, p95, ms", f"{quantile(times, 0.95):.1f}", "<= 20")
        longest = max(files, key=lambda path: path.stat().st_size)
        memory = peak_mb(AURL, "live", "--offline", "--quiet", "--player", longest, "--phrases", "8", "--seed", "1")
        line("memory of a session, peak, MB", f"{memory:.0f}", None)


main()
