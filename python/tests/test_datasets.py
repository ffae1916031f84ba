import tempfile
import unittest
from pathlib import Path

import numpy

import aurl

from .program import CORPUS
from .program import aurl as program


class DatasetTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = Path(cls.folder.name) / "dataset"
        program("corpus", "build", CORPUS, "--valid-share", "0.4", "--quiet", "-o", cls.path)

    def test_pieces_have_the_tokens_of_their_files(self):
        dataset = aurl.Dataset(self.path)
        self.assertGreater(len(dataset.pieces()), 10)
        self.assertEqual(len(dataset.pieces("train")) + len(dataset.pieces("valid")), len(dataset.pieces()))
        self.assertEqual(dataset.damaged(), [])
        for piece in dataset.pieces():
            tokens = aurl.encode(aurl.read_midi(CORPUS / piece.path))
            self.assertTrue(numpy.array_equal(dataset.tokens(piece), tokens), piece.path)

    def test_windows_cover_the_pieces(self):
        dataset = aurl.Dataset(self.path)
        windows = aurl.Windows(dataset, "train", 200)
        for piece in dataset.pieces("train"):
            parts = [window for window in windows if window.piece == piece]
            joined = numpy.concatenate([window.tokens for window in parts])
            whole = dataset.tokens(piece)
            self.assertTrue(numpy.array_equal(joined[: len(whole)], whole))
            # The last window has an END token unless it is full.
            self.assertEqual(joined[len(whole) :].tolist(), [aurl.END] if len(whole) % 200 else [])
            self.assertTrue(all(numpy.array_equal(part.before, whole[: part.start]) for part in parts))

    def test_changes_are_detected(self):
        changed = Path(self.folder.name) / "changed"
        changed.mkdir()
        for file in self.path.iterdir():
            if file.is_file():
                (changed / file.name).write_bytes(file.read_bytes())
        shard = changed / "tokens-00000.u16"
        tokens = bytearray(shard.read_bytes())
        tokens[0] ^= 1
        shard.write_bytes(tokens)
        self.assertEqual(len(aurl.Dataset(changed).damaged()), 1)
        shard.write_bytes(tokens[:-2])
        with self.assertRaisesRegex(ValueError, "tokens-00000.u16"):
            aurl.Dataset(changed)
        index = changed / "index.jsonl"
        index.write_bytes(index.read_bytes()[:-10])
        with self.assertRaisesRegex(ValueError, "changed or truncated"):
            aurl.Dataset(changed)
