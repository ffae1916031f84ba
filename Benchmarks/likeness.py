"""Measures the similarity of takes of `aurl generate --like` to a piece, and that of two parts of the piece.

likeness.py [FOLDER of MIDI files] [OPTION…]; the options are those of `aurl generate`, such as --candidates 1

For each piece of at least 42 s, its first 20 s are compared with 20 s from its middle and with a take of 20 s like the first part.
Density, register and level are compared by their correlation over all pieces.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

from measuring import AURL, HERE, line, output

TICKS = 64
LENGTH = 20 * TICKS


def tokens(path):
    return [int(word) for word in output(AURL, "encode", path).split()]


def duration(stream):
    return sum(token - 255 for token in stream if 256 <= token < 768)


def part(stream, start):
    """An excerpt of 20 s of a token stream, with the notes that start in it."""
    time, level, cut, sounding = 0, None, [], set()
    for token in stream:
        if token >= 768:
            level = token
            cut += [token] if cut else []
        elif token >= 256:
            if time + token - 255 >= start + LENGTH:
                break
            time += token - 255
            cut += [token] if cut else []
        elif token >= 128:
            if token - 128 in sounding:
                sounding.remove(token - 128)
                cut.append(token)
        elif time >= start:
            cut += [level] if not cut and level else []
            cut.append(token)
            sounding.add(token)
    return cut + [128 + pitch for pitch in sorted(sounding)]


def features(path):
    """Key, pitch-class histogram, logarithm of the notes per second, mean pitch, and mean level."""
    level, levels, pitches, shares = 0, [], [], [0] * 12
    stream = tokens(path)
    for token in stream:
        if token >= 768:
            level = token - 768
        elif token < 128:
            levels.append(level)
            pitches.append(token)
            shares[token % 12] += 1
    key = json.loads(output(AURL, "analyze", path, "--json"))["harmony"].get("key") or {}
    seconds = max(1, duration(stream)) / TICKS
    return {
        "key": key.get("name"),
        "chroma": shares,
        "density": math.log(len(pitches) / seconds),
        "register": sum(pitches) / len(pitches),
        "level": sum(levels) / len(levels),
    }


def correlation(a, b):
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    covariance = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b))
    spread = math.sqrt(sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b))
    return covariance / spread if spread else 0


def compare(sources, others):
    """Fraction of pairs with the same key, mean correlation of pitch-class histograms, and correlations of the other features."""
    pairs = list(zip(sources, others))
    figures = {
        "key": sum(a["key"] == b["key"] for a, b in pairs) / len(pairs),
        "chroma": sum(correlation(a["chroma"], b["chroma"]) for a, b in pairs) / len(pairs),
    }
    for name in ("density", "register", "level"):
        figures[name] = correlation([a[name] for a in sources], [b[name] for b in others])
    return figures


def main():
    arguments = sys.argv[1:]
    folder = arguments.pop(0) if arguments and not arguments[0].startswith("-") else HERE.parent / "corpus"
    sources, halves, takes = [], [], []
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        for seed, path in enumerate(sorted(pathlib.Path(folder).rglob("*.mid"))):
            stream = tokens(path)
            if duration(stream) < 42 * TICKS:
                continue
            for which, start, found in (("first", 0, sources), ("second", duration(stream) // 2, halves)):
                (place / f"{which}.tokens").write_text(" ".join(map(str, part(stream, start))))
                subprocess.run([AURL, "decode", place / f"{which}.tokens", "-o", place / f"{which}.mid", "-q"], check=True)
                found.append(features(place / f"{which}.mid"))
            take = place / f"take-{seed}.mid"
            like = ["--like", place / "first.mid", "--seconds", "20", "--seed", str(seed), "-o", take, "-q"]
            subprocess.run([AURL, "generate", *like, *arguments], check=True)
            takes.append(features(take))
    if not sources:
        sys.exit(f"{folder}: no pieces of 42 s or more")
    # Different pieces, as a baseline.
    middle = len(halves) // 2
    chance = compare(sources, halves[middle:] + halves[:middle])
    line("pieces", str(len(sources)), None)
    taken, shared = compare(sources, takes), compare(sources, halves)
    for name in taken:
        figures = [side[name] for side in (taken, shared, chance)]
        line(f"{name}: take, other part of the piece, another piece", "  ".join(f"{figure:.2f}" for figure in figures), None)


main()
