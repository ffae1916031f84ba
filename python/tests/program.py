"""Runs the program that the package is compared with."""

import os
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
MODEL = ROOT / "models/aurl-small.safetensors"


def aurl(*arguments) -> bytes:
    """Returns the output of `aurl`: the program given by the environment variable AURL, or that of `make build`."""
    path = Path(os.environ.get("AURL", ROOT / ".build/release/aurl"))
    if "AURL" not in os.environ and not path.exists():
        raise unittest.SkipTest("run `make build` first, or set AURL to the path of the program")
    return subprocess.run([path, *map(str, arguments)], check=True, stdout=subprocess.PIPE).stdout
