"""Fails unless all packages of requirements.txt are installed in the given versions."""

import pathlib
import sys
from importlib.metadata import version

requirements = pathlib.Path(__file__).with_name("requirements.txt").read_text().split()
sys.exit(any(version(name) != wanted for name, wanted in (line.split("==") for line in requirements)))
