#!/usr/bin/env python3
"""Prints how well a model predicts a piece, and the ten least expected notes. Requires PyTorch.

Usage: surprise.py MODEL.safetensors SONG.mid
"""

import sys

import torch

import aurl
from aurl.model import Model

model = Model.from_file(sys.argv[1])
tokens = aurl.encode(aurl.read_midi(sys.argv[2])).astype("int64")
window = model.configuration.window
surprise = []
for start in range(0, len(tokens), window):
    part = torch.from_numpy(tokens[start : start + window])
    logits, _ = model.score(part, before=tokens[:start])
    surprise.append(torch.nn.functional.cross_entropy(logits, part, reduction="none"))
surprise = torch.cat(surprise)
print(f"{surprise.mean():.3f} nats a token")

seconds = 0.0
notes = []
for token, nats in zip(tokens.tolist(), surprise.tolist()):
    if 256 <= token < 768:
        seconds += (token - 255) / aurl.TICKS_PER_SECOND
    elif token < 128:
        notes.append((nats, seconds, token))
for nats, seconds, token in sorted(notes, reverse=True)[:10]:
    print(f"{seconds:7.2f} s  {aurl.token_name(token):12}  {nats:.1f} nats")
