#!/bin/bash
# Compares the analyzer with other tools on annotated music: accuracy.sh [FOLDER]; the default is the variable DATA.
set -euo pipefail
folder=${1:-${DATA:-}}
if [ ! -d "$folder" ]; then
  echo "accuracy: give DATA=FOLDER with pop909-cl/NAME.mid (chords as last track), keys/NAME.mid beside NAME.key," \
    "beats/NAME.mid beside NAME_annotations.txt, and harmony/NAME.mid beside NAME.tsv" >&2
  exit 64
fi
folder=$(realpath "$folder")
cd "$(dirname "$0")"

venv=${XDG_CACHE_HOME:-$HOME/.cache}/aurl/accuracy-venv
if ! cmp -s accuracy/requirements.txt "$venv/installed.txt"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r accuracy/requirements.txt
  cp accuracy/requirements.txt "$venv/installed.txt"
fi
swift build -c release --package-path .. --product accuracy >&2
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" accuracy/table.py ../.build/release/accuracy "$folder"
