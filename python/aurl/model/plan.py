"""A small causal Transformer over the sequence of latents, which conditions the prior of each on those before it."""

import torch
from torch import Tensor, nn

from .configuration import LEVELS, Latents
from .layers import Block, RMSNorm


class PlanLevel(nn.Module):
    def __init__(self, width: int, dimensions: int):
        super().__init__()
        self.input = nn.Linear(dimensions, width, bias=False)
        self.output = nn.Linear(width, 2 * dimensions, bias=False)


class Plan(nn.Module):
    def __init__(self, latents: Latents):
        super().__init__()
        plan, self.latents = latents.plan, latents
        self.start = nn.Parameter(torch.randn(plan.width))
        self.slots = nn.Parameter(torch.randn(latents.slots, plan.width))
        positions = plan.windows * latents.slots
        self.blocks = nn.ModuleList(
            Block(plan.width, plan.heads, plan.feed_forward, positions) for _ in range(plan.layers)
        )
        self.norm = RMSNorm(plan.width)
        for level in LEVELS:
            self.add_module(level, PlanLevel(plan.width, latents.dimensions_of(level)))

    def forward(self, samples: dict) -> dict:
        """Returns what is added to the parameters of each prior, by level: [batch, segments, 2 · dimensions].

        There can be at most `Plan.windows` latent windows.
        """
        shape = self.latents
        embedded = {level: getattr(self, level).input(samples[level]) for level in LEVELS}
        batch, windows, width = embedded["global"].shape
        in_phrases = torch.cat([
            embedded["phrase"].view(batch, windows, shape.phrases, 1, width),
            embedded["local"].view(batch, windows, shape.phrases, shape.locals, width),
        ], 3)  # fmt: skip
        in_windows = torch.cat([embedded["global"].unsqueeze(2), in_phrases.flatten(2, 3)], 2).flatten(1, 2)
        seen = torch.cat([self.start.expand(batch, 1, width), in_windows[:, :-1]], 1)
        hidden = (seen.unflatten(1, (windows, shape.slots)) + self.slots).flatten(1, 2)
        for block in self.blocks:
            hidden = block(hidden, causal=True)
        hidden = self.norm(hidden).unflatten(1, (windows, shape.slots))
        of_phrases = hidden[:, :, 1:].unflatten(2, (shape.phrases, 1 + shape.locals))
        places = {
            "global": hidden[:, :, 0],
            "phrase": of_phrases[:, :, :, 0].flatten(1, 2),
            "local": of_phrases[:, :, :, 1:].flatten(1, 3),
        }
        return {level: getattr(self, level).output(places[level]).float() for level in LEVELS}
