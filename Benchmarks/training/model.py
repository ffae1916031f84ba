"""Aurl's model in PyTorch, as docs/model.md defines it.

The names in `state_dict()` are those of the tensors of a model file.
"""

import json
import math
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from configuration import BOS, EOS, LEVELS, PAD, VOCABULARY, Configuration
from encoder import Encoder
from gaussian import Gaussian
from layers import Block, RMSNorm
from priors import Prior
from torch import Tensor, nn


class Decoder(nn.Module):
    def __init__(self, c: Configuration):
        super().__init__()
        latents = c.latents.total if c.latents else 0
        self.blocks = nn.ModuleList(Block(c, latents) for _ in range(c.decoder_layers))
        self.norm = RMSNorm(c.width)

    def forward(self, x: Tensor, z: Tensor | None) -> Tensor:
        for block in self.blocks:
            x = block(x, causal=True, z=z)
        return self.norm(x)


@dataclass
class Inference:
    """The latents of a batch by level, each [batch, segments, dimensions]."""

    samples: dict = field(default_factory=dict)
    posteriors: dict = field(default_factory=dict)
    divergences: dict = field(default_factory=dict)  # 0 where there is no segment
    exists: dict = field(default_factory=dict)  # [batch, segments]


class Model(nn.Module):
    def __init__(self, configuration: Configuration):
        super().__init__()
        c = self.configuration = configuration
        self.embedding = nn.Embedding(VOCABULARY, c.width)
        if c.latents:
            self.encoder = Encoder(c)
            self.prior = Prior(c)
        self.decoder = Decoder(c)
        self.initialize()

    @staticmethod
    def from_file(path: str) -> "Model":
        from safetensors import safe_open

        with safe_open(path, framework="pt") as file:
            model = Model(Configuration.of(json.loads(file.metadata()["configuration"])))
            model.load_state_dict({name: file.get_tensor(name) for name in file.keys()})
        return model.eval()

    @torch.no_grad()
    def initialize(self):
        nn.init.normal_(self.embedding.weight, std=self.configuration.width**-0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=module.in_features**-0.5)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        for stack in (self.encoder, self.decoder) if self.configuration.latents else (self.decoder,):
            for block in stack.blocks:
                block.attention.output.weight *= (2 * len(stack.blocks)) ** -0.5
                block.feedForward.down.weight *= (2 * len(stack.blocks)) ** -0.5

    def embed(self, tokens: Tensor) -> Tensor:
        return self.embedding(tokens) * math.sqrt(self.configuration.width)

    def infer(self, tokens: Tensor, present: Tensor | None = None, sample: bool = True) -> Inference:
        """The latents of windows [batch, time], samples or means; `present` [batch, time] where some are padded."""
        latents, inference, parent = self.configuration.latents, Inference(), None
        h = self.encoder(self.embed(tokens), present)
        for level, length in zip(LEVELS, (tokens.shape[1], latents.phrase_length, latents.local_length)):
            everywhere = torch.ones_like(tokens, dtype=torch.bool) if present is None else present
            exists = everywhere.unflatten(1, (-1, length)).any(-1)
            q, prior = getattr(self.encoder, level)(h, length, present, exists), getattr(self.prior, level)
            if level != "global":
                p = prior(parent)
                p = Gaussian(p.mean[:, : exists.shape[1]].float(), p.log_variance[:, : exists.shape[1]].float())
                q = q.times(p)
            z = q.sample() if sample else q.mean
            divergence = prior.divergence(q, z) if level == "global" else q.divergence(p)
            parent = z * exists.unsqueeze(-1)
            inference.samples[level], inference.posteriors[level] = parent, q
            inference.divergences[level], inference.exists[level] = divergence * exists.unsqueeze(-1), exists
        return inference

    @staticmethod
    def spread(samples: dict, time: int) -> Tensor:
        """What each position sees of the latents: [batch, time, total]."""
        return torch.cat([z.repeat_interleave(time // z.shape[1], 1) for z in samples.values()], -1)

    def decode(self, inputs: Tensor, z: Tensor | None) -> Tensor:
        """The logits [batch, time, 775] of tokens and EOS after each input; the inputs begin with BOS."""
        h = self.decoder(self.embed(inputs), z)
        return F.linear(h, torch.cat([self.embedding.weight[:BOS], self.embedding.weight[EOS : EOS + 1]]))

    def forward(self, tokens: Tensor, present: Tensor | None = None) -> tuple[Tensor, Inference | None]:
        """The cross-entropy [batch, time] of each token, 0 where it is padding, and what was inferred."""
        inference = self.infer(tokens, present) if self.configuration.latents else None
        z = self.spread(inference.samples, tokens.shape[1]) if inference else None
        logits = self.decode(F.pad(tokens[:, :-1], (1, 0), value=BOS), z)
        targets = tokens.masked_fill(tokens == EOS, BOS).masked_fill(tokens == PAD, -100)
        losses = F.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), reduction="none")
        return losses.view_as(tokens), inference


def divergence(inference: Inference, free: tuple) -> Tensor:
    """The KL of a batch where each dimension of a segment counts as at least so many nats (free bits, Kingma 2016)."""
    total = 0
    for (level, elements), minimum in zip(inference.divergences.items(), free):
        segments = inference.exists[level].sum()
        total = total + (elements.sum((0, 1)) / segments).clamp(min=minimum).sum() * segments
    return total
