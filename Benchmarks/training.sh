#!/bin/bash
# Trains the same model on batches of the same size alternately with `aurl-train` and with PyTorch from pip, and prints
# the ratios of speed and peak memory.
#
#   training.sh [--preset small] [--batch 8] [--steps 20] [--threads 2] [--precision bfloat16] [--rounds 3]
#
# PyTorch has an environment of its own, because with its CUDA libraries it takes over 2 GB.
set -euo pipefail
cd "$(dirname "$0")"

venv=${XDG_CACHE_HOME:-$HOME/.cache}/aurl/torch-venv
if ! "$venv/bin/python" training/installed.py 2> /dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r training/requirements.txt
fi
make --silent --directory .. libtorch >&2
make --silent --directory .. build >&2
"$venv/bin/python" training/compare.py "$@"
