#!/bin/bash
# Measures the engine beside the speed of the memory that it reads its weights from.
#   generate.sh [MODEL.safetensors] [scalar|avx2|avx512|neon]
set -euo pipefail
cd "$(dirname "$0")"
exec .build/release/engine "$@"
