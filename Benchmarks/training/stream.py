#!/usr/bin/env python3
"""Generates music with a model in PyTorch, token by token on one thread, with a rolling key-value cache and sampling.

Usage: stream.py MODEL.safetensors

For each line N on standard input it makes N steps and prints the median of their processor times in seconds. The
window is full from the start.
"""

import math
import statistics
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))
from aurl.model import BOS, EOS, Model  # noqa: E402
from aurl.model.planes import intervals, recency  # noqa: E402


class Stream:
    def __init__(self, model: Model):
        c = self.configuration = model.configuration
        self.heads, self.window, self.position = c.heads, c.window, c.window
        self.embedding = model.embedding.weight * c.width**0.5
        self.head = torch.cat([model.embedding.weight[:BOS], model.embedding.weight[EOS : EOS + 1]])
        self.norm = model.decoder.norm.weight
        self.blocks = model.decoder.blocks
        # Keys are stored rotated, so that their order in the cache does not matter.
        self.cache = torch.randn(len(self.blocks), 2, c.heads, c.window, c.width // c.heads)
        self.frequencies = 10000.0 ** (-torch.arange(0, c.width // c.heads, 2) / (c.width // c.heads))
        # The state of the keyboard.
        self.planes = model.decoder.planes.weight
        self.intervals = model.decoder.intervals.weight
        self.tick = torch.zeros(())
        self.onsets, self.sounding, self.level = torch.full((128,), -math.inf), torch.zeros(128), torch.zeros(6)
        # The contribution of a segment's latents is computed once for all of its tokens.
        z = torch.randn(c.latents.total) if c.latents else None
        self.latents = [block.latents(z) if c.latents else None for block in self.blocks]

    def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        first, second = x.chunk(2, -1)
        return x * cos + torch.cat([second, first], -1) * sin

    def keys(self, token: int) -> Tensor:
        """The keyboard planes after a token, [1, 390]."""
        if token < 128:
            self.sounding[token], self.onsets[token] = 1, self.tick
        elif token < 256:
            self.sounding[token - 128] = 0
        elif token < 768:
            self.tick += token - 255
        elif token < BOS:
            self.level = F.one_hot(torch.tensor(token - 768), 6).float()
        recent = recency(self.tick - self.onsets)
        return torch.cat([self.sounding, self.sounding * recent, recent, self.level]).unsqueeze(0)

    def step(self, token: int) -> int:
        """The token after `token`, sampled at temperature 1 from the full distribution."""
        angles = self.position * self.frequencies
        cos, sin = angles.cos().repeat(2), torch.cat([-angles.sin(), angles.sin()])
        slot = self.position % self.window
        known = self.keys(token)
        x = self.embedding[token : token + 1] + F.linear(known, self.planes)
        for index, block in enumerate(self.blocks):
            if self.latents[index] is not None:
                x = x + self.latents[index]
            attention, up, down = block.attention, block.feedForward.up, block.feedForward.down
            q, k, v = F.linear(self.normalized(x, attention.norm.weight), attention.qkv.weight).view(3, self.heads, -1)
            keys, values = self.cache[index]
            keys[:, slot] = self.rotate(k, cos, sin)
            values[:, slot] = v
            a = F.scaled_dot_product_attention(self.rotate(q, cos, sin).unsqueeze(1), keys, values)
            x = x + F.linear(a.view(1, -1), attention.output.weight)
            f = F.gelu(F.linear(self.normalized(x, block.feedForward.norm.weight), up.weight), approximate="tanh")
            x = x + F.linear(f, down.weight)
        self.position += 1
        h = self.normalized(x, self.norm)
        logits = F.linear(h, self.head)[0, :BOS]
        logits[:256] += intervals(F.linear(h, self.intervals).unsqueeze(0), known.unsqueeze(0))[0, 0]
        return int(torch.multinomial(logits.softmax(-1), 1))

    def normalized(self, x: Tensor, weight: Tensor) -> Tensor:
        return F.rms_norm(x, weight.shape, weight, 1e-5)


torch.set_num_threads(1)
with torch.inference_mode():
    stream = Stream(Model.from_file(sys.argv[1]))
    token = BOS
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.thread_time()
            token = stream.step(token)
            times.append(time.thread_time() - start)
        print(statistics.median(times), flush=True)
