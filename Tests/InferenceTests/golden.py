#!/usr/bin/env python3
"""Writes golden.json: what PyTorch computes with the models of TestModel.swift.

Usage: golden.py > golden.json, in a Python with torch and numpy
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "python"))
from aurl import encode, read_midi  # noqa: E402
from aurl.model import BOS, EOS, Configuration, Model  # noqa: E402


def units(name: str, count: int) -> numpy.ndarray:
    """Numbers in -1..<1 from SplitMix64, seeded with the FNV-1a hash of the tensor's name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 & (2**64 - 1)
    z = numpy.uint64(seed) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    z ^= z >> numpy.uint64(31)
    return (z >> numpy.uint64(40)).astype(numpy.float64) * 2.0**-23 - 1


def scaled(name: str, shape: tuple) -> torch.Tensor:
    values = units(name, int(numpy.prod(shape))).reshape(shape)
    if len(shape) == 2 and name.endswith(".weight"):
        values = values * (6 / shape[1]) ** 0.5
    elif name.endswith(("norm.weight", ".variance")):
        values = 1 + 0.5 * values
    return torch.from_numpy(values.astype(numpy.float32))


def random_tokens(name: str, count: int) -> torch.Tensor:
    return torch.from_numpy(((units(name, count) + 1) / 2 * 774).astype(numpy.int64))


def numbers(tensor: torch.Tensor) -> list:
    return [round(float(x), 6) for x in tensor.flatten()]


def case(name: str, model: Model, tokens: torch.Tensor, before: torch.Tensor) -> dict:
    result = {"name": name, "tokens": tokens.tolist(), "before": before.tolist()}
    logits, inference = model.score(tokens, before)
    for level, q in (inference.posteriors if inference else {}).items():
        exists = inference.exists[level]
        result[level] = numbers(q.mean[exists])
        result[level + "LogVariance"] = numbers(q.log_variance[exists][0])
    if inference:
        density = getattr(model.prior, "global").log_density(inference.samples["global"])
        result["globalLogPrior"] = float(density[0, 0])
    targets = tokens.masked_fill(tokens == EOS, BOS)
    result["logProbabilities"] = numbers(-F.cross_entropy(logits, targets, reduction="none"))
    result["logits"] = numbers(logits[-1])
    return result


def made_up(name: str, configuration: Configuration, count: int, before: torch.Tensor) -> dict:
    model = Model(configuration).eval()
    model.load_state_dict({key: scaled(key, tuple(t.shape)) for key, t in model.state_dict().items()})
    tokens = random_tokens("tokens", count)
    tokens[-1] = EOS
    return case(name, model, tokens, before)


tiny = Configuration.preset("tiny")
cases = {"standard": tiny, "plain": replace(tiny, latents=None)}
for kind in ("mixture", "flow"):
    cases[kind] = replace(tiny, latents=replace(tiny.latents, prior=kind))
cases["normalized"] = replace(tiny, latents=replace(tiny.latents, normalize_means=True))
with torch.no_grad():
    # A whole window at the start of a piece, and one that begins while a level is in force and keys are held.
    before = torch.cat([torch.tensor([770]), random_tokens("before", 40)])
    windows = ((128, before[:0]), (49, before))
    results = [made_up(name, c, *window) for name, c in cases.items() for window in windows]
    # The shipped model, on the beginning of a piece.
    piece = encode(read_midi(ROOT / "corpus/joplin-the-entertainer.mid"))[:400].astype(numpy.int64)
    shipped = Model.from_file(ROOT / "models/aurl-small.safetensors")
    results.append(case("shipped", shipped, torch.from_numpy(piece), before[:0]))
    json.dump(results, sys.stdout)
