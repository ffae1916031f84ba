"""The program that the package is compared with."""

import os
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
MODEL = ROOT / "models/aurl-small.safetensors"


def aurl(*arguments) -> bytes:
    """What `aurl` prints: the one that the environment variable AURL names, or that of `make build`."""
    path = Path(os.environ.get("AURL", ROOT / ".build/release/aurl"))
    if "AURL" not in os.environ and not path.exists():
        raise unittest.SkipTest("`make build` first, or name a program: AURL=PATH")
    return subprocess.run([path, *map(str, arguments)], check=True, stdout=subprocess.PIPE).stdout
