#!/usr/bin/env python3
"""Trains the model on random tokens and prints {"tokensPerSecond","peakBytes","loss"} on one line.

Usage: twin.py [--preset small] [--batch 8] [--steps 20] [--threads 2] [--precision bfloat16]
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))
from aurl.model import BOS, Configuration, Model  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--preset", default="small")
parser.add_argument("--batch", type=int, default=8)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--precision", choices=["bfloat16", "float32"], default="bfloat16")
arguments = parser.parse_args()

WARM_UP = 3
torch.set_num_threads(arguments.threads)
# On a CPU this keeps float32 but selects oneDNN's products, which on processors other than Intel's are twice as fast as
# MKL's.
torch.set_float32_matmul_precision("medium")
torch.manual_seed(1)
model = Model(Configuration.preset(arguments.preset))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.999))
shape = (arguments.batch, model.configuration.window)
batches = [torch.randint(0, BOS, shape) for _ in range(WARM_UP + arguments.steps)]


def step(tokens):
    with torch.autocast("cpu", torch.bfloat16, enabled=arguments.precision == "bfloat16"):
        losses, inference = model(tokens)
    loss = (losses.sum() + sum(nats.sum() for nats in inference.divergences.values())) / tokens.numel()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    average.update_parameters(model)
    return loss.item()


for tokens in batches[:WARM_UP]:
    step(tokens)
start = time.perf_counter()
for tokens in batches[WARM_UP:]:
    loss = step(tokens)
elapsed = time.perf_counter() - start
print(json.dumps({
    "tokensPerSecond": arguments.steps * shape[0] * shape[1] / elapsed,
    "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "loss": loss,
}))  # fmt: skip
