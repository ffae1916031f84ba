"""The network of docs/model.md in PyTorch.

The names in `state_dict()` are the tensor names of model files.
"""

import json
import math
from dataclasses import dataclass, field

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import planes
from .configuration import BOS, EOS, LEVELS, PAD, VOCABULARY, Configuration
from .encoder import Encoder
from .gaussian import Gaussian
from .layers import Block, RMSNorm
from .planes import intervals, key_planes, window_planes
from .priors import Prior
from .weights import load_weights


class Decoder(nn.Module):
    def __init__(self, c: Configuration):
        super().__init__()
        latents = c.latents.total if c.latents else 0
        self.planes = nn.Linear(planes.COUNT, c.width, bias=False)
        self.blocks = nn.ModuleList(
            Block(c.width, c.heads, c.feed_forward, c.window, latents) for _ in range(c.decoder_layers)
        )
        self.norm = RMSNorm(c.width)
        self.intervals = nn.Linear(c.width, planes.INTERVAL_WEIGHTS, bias=False)

    def forward(self, x: Tensor, z: Tensor | None) -> Tensor:
        for block in self.blocks:
            x = block(x, causal=True, z=z)
        return self.norm(x)


@dataclass
class Inference:
    """The inferred latents of a batch by level, each [batch, segments, dimensions]."""

    samples: dict = field(default_factory=dict)
    posteriors: dict = field(default_factory=dict)
    divergences: dict = field(default_factory=dict)  # KL in nats [batch, segments], 0 for padded segments
    exists: dict = field(default_factory=dict)  # [batch, segments], False for padded segments


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
    def from_file(path) -> "Model":
        """Loads a model file, such as `models/aurl-small.safetensors`, in single precision.

        Chord charts are not supported: what belongs to them is left out, and the decoder is that of music without a chart.
        Raises ValueError if it is not a model file of version 3.
        """
        metadata, tensors = load_weights(path)
        if (metadata.get("format"), metadata.get("version")) != ("aurl-model", "3"):
            raise ValueError(f"{path}: not a model file of version 3")
        model = Model(Configuration.of(json.loads(metadata["configuration"])))
        of_charts = ("chart.", "decoder.chart.")
        model.load_state_dict(
            {name: torch.from_numpy(values) for name, values in tensors.items() if not name.startswith(of_charts)}
        )
        return model.eval()

    @torch.no_grad()
    def initialize(self):
        nn.init.normal_(self.embedding.weight, std=self.configuration.width**-0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=module.in_features**-0.5)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        nn.init.zeros_(self.decoder.intervals.weight)
        if self.configuration.latents:
            for level in LEVELS:
                nn.init.zeros_(getattr(self.prior.plan, level).output.weight)
        for stack in (self.encoder, self.decoder) if self.configuration.latents else (self.decoder,):
            nn.init.zeros_(stack.planes.weight)
            for block in stack.blocks:
                block.attention.output.weight *= (2 * len(stack.blocks)) ** -0.5
                block.feedForward.down.weight *= (2 * len(stack.blocks)) ** -0.5

    def embed(self, tokens: Tensor, projection: nn.Linear, keys: Tensor) -> Tensor:
        return self.embedding(tokens) * math.sqrt(self.configuration.width) + projection(keys)

    def infer(self, tokens: Tensor, keys: Tensor, present: Tensor | None = None, sample: bool = True) -> Inference:
        """Infers the latents of sequences [batch, time], whose length is a multiple of the latent window.

        `keys` are the key planes [batch, time + 1, planes]. `present` [batch, time] is False for padding. The latents
        are samples of the posteriors, or their means.
        """
        latents, inference, parent = self.configuration.latents, Inference(), None
        h = self.encoder(self.embed(tokens, self.encoder.planes, keys[:, 1:]), present)
        everywhere = torch.ones_like(tokens, dtype=torch.bool) if present is None else present
        given_parent = {}
        for level in LEVELS:
            length = latents.length_of(level)
            exists = everywhere.unflatten(1, (-1, length)).any(-1)
            q = getattr(self.encoder, level)(h, length, present, exists)
            if level != "global":
                given_parent[level] = getattr(self.prior, level)(parent)
                q = q.times(Gaussian.of(given_parent[level]))
            parent = (q.sample() if sample else q.mean) * exists.unsqueeze(-1)
            inference.samples[level], inference.posteriors[level], inference.exists[level] = parent, q, exists
        plan = self.prior.plan(inference.samples)
        for level in LEVELS:
            q, z = inference.posteriors[level], inference.samples[level]
            if level == "global":
                # The first latent of a sequence has its own prior.
                first = getattr(self.prior, "global").divergence(q[:, :1], z[:, :1])
                divergence = torch.cat([first, q[:, 1:].divergence(Gaussian.of(plan[level][:, 1:])).sum(-1)], 1)
            else:
                divergence = q.divergence(Gaussian.of(given_parent[level] + plan[level])).sum(-1)
            inference.divergences[level] = divergence * inference.exists[level]
        return inference

    @staticmethod
    def spread(samples: dict, time: int) -> Tensor:
        """The latents of all levels at each position: [batch, time, total dimensions]."""
        return torch.cat([z.repeat_interleave(time // z.shape[1], 1) for z in samples.values()], -1)

    def decode(self, inputs: Tensor, keys: Tensor, z: Tensor | None) -> Tensor:
        """The logits [batch, time, 775] of the tokens and EOS that follow each input; the inputs begin with BOS."""
        h = self.decoder(self.embed(inputs, self.decoder.planes, keys[:, :-1]), z)
        logits = F.linear(h, torch.cat([self.embedding.weight[:BOS], self.embedding.weight[EOS : EOS + 1]]))
        return logits + F.pad(intervals(self.decoder.intervals(h), keys[:, :-1]), (0, BOS + 1 - 256))

    def forward(
        self, tokens: Tensor, present: Tensor | None = None, keys: Tensor | None = None
    ) -> tuple[Tensor, Inference | None]:
        """Returns the cross-entropy [batch, time] of each token, 0 for padding, and the inferred latents.

        The length of the sequences is a multiple of the latent window. `present` is False for padding. `keys` are the
        key planes, and necessary unless all sequences begin at the start of a piece.
        """
        keys = key_planes(tokens) if keys is None else keys
        inference = self.infer(tokens, keys, present) if self.configuration.latents else None
        z = self.spread(inference.samples, tokens.shape[1]) if inference else None
        logits = self.decode(F.pad(tokens[:, :-1], (1, 0), value=BOS), keys, z)
        # The last logit, after those of the tokens, is that of EOS.
        targets = tokens.masked_fill(tokens == EOS, BOS).masked_fill(tokens == PAD, -100)
        losses = F.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), reduction="none")
        return losses.view_as(tokens), inference

    @torch.no_grad()
    def score(self, tokens, before=()) -> tuple[Tensor, Inference | None]:
        """Returns the logits [time, 775] that predict each token of a window, given the posterior means of its latents, and
        the inferred latents.

        There can be at most `configuration.window` tokens. `before` contains all preceding tokens of the piece.
        """
        tokens = torch.as_tensor(numpy.asarray(tokens, numpy.int64))
        count, latents = len(tokens), self.configuration.latents
        if not 0 < count <= self.configuration.window:
            raise ValueError(f"a window has 1 to {self.configuration.window} tokens, not {count}")
        padding = -count % (latents.window_length if latents else 1)
        window = F.pad(tokens, (0, padding), value=PAD)
        keys = window_planes(before, window).unsqueeze(0)
        window, inference, z = window.unsqueeze(0), None, None
        if latents:
            inference = self.infer(window, keys, window != PAD, sample=False)
            z = self.spread(inference.samples, window.shape[1])
        return self.decode(F.pad(window[:, :-1], (1, 0), value=BOS), keys, z)[0, :count], inference
