import os
import subprocess
import sys
import tempfile
import unittest
from importlib.util import find_spec
from pathlib import Path

from .program import CORPUS, MODEL, ROOT
from .program import aurl as program

EXAMPLES = ROOT / "python/examples"


def run(name: str, *arguments) -> str:
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'python'}:{os.environ.get('PYTHONPATH', '')}"}
    command = [sys.executable, EXAMPLES / name, *map(str, arguments)]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


class ExampleTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_tokens(self):
        printed = run("transpose.py", CORPUS / "greensleeves.mid", "3", self.folder / "up.mid")
        self.assertIn("greensleeves.mid", printed)
        self.assertGreater(len(program("encode", self.folder / "up.mid")), 1000)

    def test_dataset(self):
        program("corpus", "build", CORPUS, "--quiet", "-o", self.folder / "dataset")
        self.assertIn("NOTE_ON", run("count_tokens.py", self.folder / "dataset", "train"))

    @unittest.skipUnless(find_spec("torch"), "needs torch")
    def test_model(self):
        printed = run("surprise.py", MODEL, CORPUS / "greensleeves.mid")
        self.assertRegex(printed, r"1\.\d+ nats a token")
