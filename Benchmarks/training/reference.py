#!/usr/bin/env python3
"""Writes what PyTorch computes with a model file, to compare other implementations with.

Usage: reference.py MODEL.safetensors TOKENS.npy OUTPUT.safetensors

The tokens are one window, which is padded as docs/model.md says. The output holds `logits [tokens, 775]` under the
posterior means, and for each level its `LEVEL.mean`, `LEVEL.logVariance` and `LEVEL.divergence` [segments, dimensions].
"""

import sys

import numpy
import torch
import torch.nn.functional as F
from configuration import BOS, PAD
from model import Model
from safetensors.torch import save_file

model_path, tokens_path, output = sys.argv[1:]
model = Model.from_file(model_path)
tokens = torch.from_numpy(numpy.load(tokens_path).astype(numpy.int64))
count = len(tokens)
results, z = {}, None
with torch.no_grad():
    tokens = F.pad(tokens, (0, model.configuration.window - count), value=PAD).unsqueeze(0)
    if model.configuration.latents:
        inference = model.infer(tokens, tokens != PAD, sample=False)
        z = model.spread(inference.samples, tokens.shape[1])
        for level, posterior in inference.posteriors.items():
            exists = inference.exists[level]
            results[f"{level}.mean"] = posterior.mean[exists]
            results[f"{level}.logVariance"] = posterior.log_variance[exists]
            results[f"{level}.divergence"] = inference.divergences[level][exists]
    results["logits"] = model.decode(F.pad(tokens[:, :-1], (1, 0), value=BOS), z)[0, :count].contiguous()
save_file(results, output)
