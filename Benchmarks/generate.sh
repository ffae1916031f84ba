#!/bin/bash
# Measures the engine beside the speed of the memory that it reads its weights from, and beside PyTorch where it is
# installed (`Benchmarks/run training` does that).
#   generate.sh [MODEL.safetensors] [scalar|avx2|avx512|neon]
set -euo pipefail
here=$(realpath "$(dirname "$0")")
python=${XDG_CACHE_HOME:-$HOME/.cache}/aurl/torch-venv/bin/python
peer=()
if "$python" "$here/training/installed.py" 2> /dev/null; then peer=(--peer "$python" "$here/training/stream.py"); fi
exec "$here/.build/release/engine" "$@" "${peer[@]}"
