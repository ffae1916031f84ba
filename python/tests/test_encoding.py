import json
import random
import tempfile
import unittest
from pathlib import Path

import numpy

import aurl

from .program import CORPUS
from .program import aurl as program


def is_equal(a, b) -> bool:
    return len(a) == len(b) and bool((numpy.asarray(a) == numpy.asarray(b)).all())


class EncodingTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def compare(self, files: Path, *options, **keywords) -> int:
        """Encodes a folder with the program and the package; returns the number of files that both reject."""
        printed = program("encode", "--quiet", "--json", "--format", "npy", "-o", self.folder / "out", *options, files)
        rejected = 0
        for line in map(json.loads, printed.splitlines()):
            if "summary" in line:
                continue
            with self.subTest(line["file"]):
                if "error" in line:
                    rejected += 1
                    with self.assertRaises(aurl.MIDIError):
                        aurl.read_midi(line["file"])
                else:
                    tokens = aurl.encode(aurl.read_midi(line["file"]), **keywords)
                    self.assertTrue(is_equal(tokens, aurl.load_tokens(line["outputs"][0])))
        return rejected

    def test_corpus_has_the_tokens_of_the_program(self):
        self.compare(CORPUS)

    def test_options_are_those_of_the_program(self):
        self.compare(CORPUS, "--drums", "--pedal", "ignore", drums=True, pedal=False)

    def test_messages_have_the_same_effect(self):
        """Pedals, resets, drums, several channels, ports and tracks, and repeated note-ons of a key."""
        files = self.folder / "made"
        files.mkdir()
        for seed in range(60):
            (files / f"{seed}.mid").write_bytes(random_midi(random.Random(seed)))
        self.assertEqual(self.compare(files), 0)
        self.compare(files, "--drums", "--pedal", "ignore", drums=True, pedal=False)

    def test_damaged_files_are_repaired_in_the_same_way(self):
        files = self.folder / "damaged"
        files.mkdir()
        whole = [path.read_bytes() for path in sorted(CORPUS.glob("*.mid"))]
        whole += [random_midi(random.Random(seed)) for seed in range(20)]
        rng = random.Random(1)
        for number in range(150):
            (files / f"{number}.mid").write_bytes(damaged(rng.choice(whole), rng))
        self.assertLess(self.compare(files), 100)


def random_midi(rng: random.Random) -> bytes:
    """A random file of notes, and of messages that affect which notes sound."""
    count = rng.choice([1, 2, 4])
    resets = [b"\x7e\x7f\x09\x01", b"\x7e\x7f\x09\x03", b"\x41\x10\x42\x12\x40\x00\x7f\x00\x41", b"\x43\x10\x4c\0\0\x7e\0"]
    parts = [b"\x41\x10\x42\x12\x40\x11\x15\x01\x19", b"\x43\x10\x4c\x08\x01\x07\x02", b"\x43\x10\x4c\x08\x09\x07\x00"]
    chunks = []
    for _ in range(count):
        track = bytearray(b"\0\xff\x51\x03" + rng.randrange(200_000, 900_000).to_bytes(3, "big"))
        for _ in range(rng.choice([20, 300])):
            channel, pitch = rng.choice([0, 0, 1, 9]), rng.randrange(58, 64)
            track.append(rng.choice([0, 0, 0, 1, 5, 30]))
            kind = rng.random()
            if kind < 0.4:
                track += bytes([0x90 | channel, pitch, rng.randrange(1, 128)])
            elif kind < 0.75:
                track += bytes([0x80 | channel, pitch, 64])
            elif kind < 0.92:
                controller = rng.choice([64, 64, 66, 64, 66, 0, 120, 121, 123, 126])
                value = rng.choice([0, 127, 120, 121, 126]) if controller == 0 else rng.choice([0, 127])
                track += bytes([0xB0 | channel, controller, value])
            elif kind < 0.94:
                track += bytes([0xC0 | channel, rng.randrange(128)])
            elif kind < 0.96:
                track += bytes([0xFF, 0x21, 1, rng.randrange(2)])
            elif kind < 0.97:
                track += b"\xff\x51\x03" + rng.randrange(200_000, 900_000).to_bytes(3, "big")
            else:
                message = rng.choice(resets if kind < 0.985 else parts) + b"\xf7"
                track += bytes([0xF0, len(message)]) + message
        track += b"\0\xff\x2f\0"
        chunks.append(b"MTrk" + len(track).to_bytes(4, "big") + bytes(track))
    division = rng.choice([b"\0\x60", b"\x01\xe0", b"\xe7\x28", b"\xe3\x50"])
    format = 0 if count == 1 else 1
    return b"MThd\0\0\0\x06" + bytes([0, format, 0, count]) + division + b"".join(chunks)


def damaged(whole: bytes, rng: random.Random) -> bytes:
    """A truncated copy of a file with bytes replaced, removed, inserted and repeated."""
    data = bytearray(whole[: rng.choice([400, 1500, 6000, len(whole)])])
    for _ in range(rng.choice([1, 3, 10, 60])):
        kind, place = rng.random(), rng.randrange(8, len(data))
        if kind < 0.4:
            data[place] = rng.choice([0, 0x7F, 0x80, 0x90, 0xB0, 0xF0, 0xF7, 0xF8, 0xFF, rng.randrange(256)])
        elif kind < 0.6 and len(data) > 100:
            del data[place : place + rng.choice([1, 2, 5, 40])]
        elif kind < 0.8:
            data[place:place] = bytes(rng.randrange(256) for _ in range(rng.choice([1, 2, 4])))
        else:
            start = rng.randrange(len(data))
            data[place:place] = data[start : start + rng.choice([8, 40])]
    return bytes(data)
