import json
import random
import tempfile
import unittest
from pathlib import Path

import aurl
from aurl import vocabulary
from aurl.midi.writing import midi_bytes
from aurl.token_files import FORMATS

from .program import aurl as program


def random_tokens(seed: int, count: int = 400) -> list[int]:
    """Random tokens, with short time shifts more frequent than long ones."""
    rng = random.Random(seed)
    kinds = [(0, 128), (128, 256), (256, 768), (256, 270), (768, 774)]
    return [rng.randrange(*rng.choice(kinds)) for _ in range(count)]


class TokenTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_vocabulary_is_that_of_the_program(self):
        document = json.loads(program("tokens", "vocabulary", "--json"))
        self.assertEqual([token["id"] for token in document["tokens"]], list(range(aurl.TOKENS)))
        for token in document["tokens"]:
            self.assertEqual(aurl.token_name(token["id"]), token["name"])
            self.assertEqual(aurl.token_id(token["name"]), token["id"])
        levels = [(token["level"], token["velocity"]) for token in document["tokens"] if "level" in token]
        self.assertEqual(levels, list(zip(vocabulary.LEVELS, vocabulary.VELOCITIES)))
        self.assertEqual(document["ticksPerSecond"], aurl.TICKS_PER_SECOND)
        self.assertEqual(document["model"], {"begin": aurl.BEGIN, "end": aurl.END, "padding": aurl.PADDING})

    def test_decoded_files_are_those_of_the_program(self):
        path, result = self.folder / "tokens", self.folder / "decoded.mid"
        for seed, tempo in enumerate([120, 97.3, 10, 1000, 59.999]):
            tokens = random_tokens(seed)
            aurl.save_tokens(path, tokens)
            program("decode", "--quiet", path, "--tempo", tempo, "--program", 5, "-o", result)
            decoded = aurl.decode(tokens)
            self.assertEqual(midi_bytes(decoded.notes, decoded.duration, tempo, 5), result.read_bytes())

    def test_repairs_are_counted(self):
        decoded = aurl.decode([60, 287, 188, 188, 60, 60])
        self.assertEqual(
            decoded.repairs, {"missingVelocity": 1, "orphanNoteOff": 1, "restrike": 1, "openAtEnd": 1}
        )
        self.assertEqual([(note.onset, note.end) for note in decoded.notes], [(0, 32), (32, 33)])

    def test_files_are_those_of_the_program_in_every_format(self):
        tokens = random_tokens(9)
        aurl.save_tokens(self.folder / "tokens", tokens)
        midi = self.folder / "song.mid"
        program("decode", "--quiet", self.folder / "tokens", "-o", midi)
        encoded = aurl.encode(aurl.read_midi(midi))
        for format in FORMATS:
            theirs = self.folder / f"theirs.{format}"
            program("encode", midi, "--format", format, "-o", theirs)
            self.assertTrue((aurl.load_tokens(theirs) == encoded).all())
            aurl.save_tokens(self.folder / "ours", encoded, format)
            if format != "json":  # the JSON of the program also describes the source
                self.assertEqual((self.folder / "ours").read_bytes(), theirs.read_bytes())
            program("decode", "--quiet", self.folder / "ours", "-o", midi)

    def test_invalid_tokens_are_rejected(self):
        for tokens in ([774], [-1], [60, 70_000]):
            with self.assertRaisesRegex(ValueError, "which is not one of the ids"):
                aurl.save_tokens(self.folder / "bad", tokens)
            with self.assertRaises(ValueError):
                aurl.decode(tokens)
        (self.folder / "text").write_text("NOTE_ON 60\nNOTE_ON 200\n")
        with self.assertRaisesRegex(ValueError, "text: 'NOTE_ON 200' is not the name of a token"):
            aurl.load_tokens(self.folder / "text")
