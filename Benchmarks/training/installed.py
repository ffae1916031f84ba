"""Fails unless all of requirements.txt is installed, in its versions."""

import pathlib
import sys
from importlib.metadata import version

requirements = pathlib.Path(__file__).with_name("requirements.txt").read_text().split()
sys.exit(any(version(name) != wanted for name, wanted in (line.split("==") for line in requirements)))
