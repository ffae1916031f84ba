#!/usr/bin/env python3
"""Writes the results of PyTorch for a model file, for comparison with other implementations.

Usage: reference.py MODEL.safetensors TOKENS.npy OUTPUT.safetensors

The tokens are one window from the start of a piece. The output holds `logits [tokens, 775]` under the posterior means, and for each
level its `LEVEL.mean` and `LEVEL.logVariance` [segments, dimensions] and `LEVEL.divergence` [segments].
"""

import sys
from pathlib import Path

from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))
from aurl import load_tokens  # noqa: E402
from aurl.model import Model  # noqa: E402

model_path, tokens_path, output = sys.argv[1:]
logits, inference = Model.from_file(model_path).score(load_tokens(tokens_path))
results = {"logits": logits.contiguous()}
for level, posterior in (inference.posteriors if inference else {}).items():
    exists = inference.exists[level]
    results[f"{level}.mean"] = posterior.mean[exists]
    results[f"{level}.logVariance"] = posterior.log_variance[exists]
    results[f"{level}.divergence"] = inference.divergences[level][exists]
save_file(results, output)
