"""Draws ten takes of a model, with seeds 1 to 10 and default settings, next to ten pieces of a folder.

takes.py FOLDER PICTURE.svg [MODEL.safetensors]
"""

import html
import pathlib
import sys
import tempfile

import symusic
from measuring import AURL, output

ROWS, SECONDS = 10, 20
WIDTH, HEIGHT, GAP, TOP, LEFT = 560, 130, 12, 26, 30
LOWEST, HIGHEST = 28, 100  # MIDI keys


def excerpt(path, start):
    """The notes of a file that sound in the SECONDS after `start`, or at the end of the file if it is shorter."""
    score = symusic.Score(path).to("Second")
    start = max(0, min(start, score.end() - SECONDS))
    notes = [note for track in score.tracks for note in track.notes]
    return [
        (max(0, note.start - start), min(SECONDS, note.end - start), note.pitch, note.velocity)
        for note in notes
        if note.start < start + SECONDS and note.end > start
    ]


def roll(notes, name, left, top):
    """Draws an excerpt as a piano roll; louder notes are darker."""
    x = lambda time: f"{left + time * WIDTH / SECONDS:.1f}"
    y = lambda key: f"{top + (HIGHEST - key) * HEIGHT / (HIGHEST - LOWEST):.1f}"
    yield f'<rect class="roll" x="{left}" y="{top}" width="{WIDTH}" height="{HEIGHT}"/>'
    for key in range(36, HIGHEST, 12):
        yield f'<path class="grid" d="M{left} {y(key)}h{WIDTH}"/>'
    for level in range(4):
        lines = [
            f"M{x(start)} {y(pitch + 0.5)}h{max(1.2, (end - start) * WIDTH / SECONDS):.1f}"
            for start, end, pitch, velocity in notes
            if velocity // 32 == level and LOWEST <= pitch < HIGHEST
        ]
        yield f'<path class="notes" opacity="{0.4 + 0.2 * level:.1f}" d="{"".join(lines)}"/>'
    yield f'<text x="{left + 4}" y="{top + 12}">{html.escape(name)}</text>'


def picture(takes, pieces, title):
    width, height = LEFT + 2 * WIDTH + 2 * GAP, TOP + ROWS * (HEIGHT + GAP) + 16
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="10">'
        "<style>.roll{fill:#fff;stroke:#bbb}.grid{stroke:#e4e4e4}"
        ".notes{stroke:#1d3f72;stroke-width:2;fill:none}</style>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
    )
    columns = [("takes: seeds 1 to 10, default settings", takes, 0), (title, pieces, SECONDS)]
    for column, (heading, files, start) in enumerate(columns):
        left = LEFT + column * (WIDTH + GAP)
        yield f'<text x="{left}" y="16" font-size="13">{heading}</text>'
        for row, (name, path) in enumerate(files):
            yield from roll(excerpt(path, start), name, left, TOP + row * (HEIGHT + GAP))
        for time in range(0, SECONDS, 5):
            x = left + time * WIDTH / SECONDS
            yield f'<text x="{x:.1f}" y="{height - 8}" text-anchor="middle">{time} s</text>'
    for row in range(ROWS):
        for octave in range(2, 8):
            y = TOP + row * (HEIGHT + GAP) + (HIGHEST - 12 * octave - 12) * HEIGHT / (HIGHEST - LOWEST)
            yield f'<text x="{LEFT - 4}" y="{y + 3:.1f}" text-anchor="end" font-size="8">C{octave}</text>'
    yield "</svg>"


def main(folder, target, model=None):
    files = sorted(pathlib.Path(folder).rglob("*.mid"))
    if not files:
        sys.exit(f"{folder}: no MIDI files there (.mid)")
    pieces = [(path.stem.replace("_", " ")[:60], path) for path in files[:: max(1, len(files) // ROWS)][:ROWS]]
    with tempfile.TemporaryDirectory() as temporary:
        takes = []
        for seed in range(1, ROWS + 1):
            path = pathlib.Path(temporary, f"{seed}.mid")
            options = ["--model", model] if model else []
            output(AURL, "generate", "--seed", str(seed), "--seconds", str(SECONDS), *options, "-o", path)
            takes.append((f"seed {seed}", path))
        title = f"{pathlib.Path(folder).name}: {SECONDS} s from second {SECONDS}"
        pathlib.Path(target).write_text("\n".join(picture(takes, pieces, title)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
