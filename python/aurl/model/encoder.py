"""The encoder, and what it says of each level of latents."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import planes
from .configuration import LEVELS, Configuration
from .gaussian import Gaussian
from .layers import Block, RMSNorm


class Pooling(nn.Module):
    """Attention of a learned query over each segment."""

    def __init__(self, c: Configuration):
        super().__init__()
        self.heads = c.heads
        self.query = nn.Parameter(torch.randn(c.width))
        self.keyValue = nn.Linear(c.width, 2 * c.width, bias=False)

    def forward(self, h: Tensor, length: int, present: Tensor | None) -> Tensor:
        """[batch, time, width] → [batch, segments, width]."""
        k, v = self.keyValue(h).unflatten(-1, (2, self.heads, -1)).unflatten(1, (-1, length)).unbind(3)
        query = self.query.view(self.heads, -1)
        scores = (k * query).sum(-1) / math.sqrt(query.shape[-1])  # [batch, segments, length, heads]
        if present is not None:
            hidden = ~present.unflatten(1, (-1, length)).unsqueeze(-1)
            # Finite, so that a segment without a token, which has no latent, makes no NaN.
            scores = scores.masked_fill(hidden, torch.finfo(scores.dtype).min)
        return (scores.softmax(2).unsqueeze(-1) * v).sum(2).flatten(2)


class Normalization(nn.Module):
    """BatchNorm on posterior means with a fixed scale (BN-VAE, Zhu 2020)."""

    def __init__(self, dimensions: int):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(dimensions))
        self.register_buffer("mean", torch.zeros(dimensions))
        self.register_buffer("variance", torch.ones(dimensions))

    def forward(self, m: Tensor, exists: Tensor) -> Tensor:
        mean, variance = self.mean, self.variance
        if self.training:
            rows = m[exists]
            mean, variance = rows.mean(0), rows.var(0, unbiased=False)
            self.mean.lerp_(mean.detach(), 0.1)
            self.variance.lerp_(variance.detach(), 0.1)
        return 0.6 * (m - mean) * torch.rsqrt(variance + 1e-5) + self.bias


class Posterior(nn.Module):
    def __init__(self, c: Configuration, dimensions: int):
        super().__init__()
        self.hidden = nn.Linear(c.width, c.width)
        self.output = nn.Linear(c.width, 2 * dimensions)

    def forward(self, e: Tensor) -> Gaussian:
        return Gaussian.of(self.output(F.gelu(self.hidden(e), approximate="tanh")).float())


class Summary(nn.Module):
    """What the encoder says of the latents of one level."""

    def __init__(self, c: Configuration, dimensions: int):
        super().__init__()
        self.pooling = Pooling(c)
        self.posterior = Posterior(c, dimensions)
        self.normalization = Normalization(dimensions) if c.latents.normalize_means else None

    def forward(self, h: Tensor, length: int, present: Tensor | None, exists: Tensor) -> Gaussian:
        gaussian = self.posterior(self.pooling(h, length, present))
        if self.normalization is not None:
            gaussian.mean = self.normalization(gaussian.mean, exists)
        return gaussian


class Encoder(nn.Module):
    def __init__(self, c: Configuration):
        super().__init__()
        self.window = c.latents.window_length
        self.planes = nn.Linear(planes.COUNT, c.width, bias=False)
        self.blocks = nn.ModuleList(
            Block(c.width, c.heads, c.feed_forward, c.latents.window_length) for _ in range(c.encoder_layers)
        )
        self.norm = RMSNorm(c.width)
        for level in LEVELS:
            self.add_module(level, Summary(c, c.latents.dimensions_of(level)))

    def forward(self, x: Tensor, present: Tensor | None) -> Tensor:
        """[batch, time, width]; each latent window sees nothing of others."""
        shape, window = x.shape, self.window
        mask = None
        if present is not None:
            there = present.view(-1, 1, 1, window)
            # A window that is all padding sees itself: nothing reads its result, but it must be finite.
            mask = there | ~there.any(-1, keepdim=True)
        x = x.view(-1, window, shape[2])
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x).view(shape)
