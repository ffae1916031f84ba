"""Aurl's model, as docs/model.md defines it, in idiomatic PyTorch: the peer of the training benchmark and a reference for values.

The names in `state_dict()` are those of the tensors in a model file.
"""

import math
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

VOCABULARY, BOS, EOS, PAD = 777, 774, 775, 776
LEVELS = ("global", "phrase", "local")


@dataclass
class Latents:
    dimensions: dict = field(default_factory=lambda: {"global": 64, "phrase": 32, "local": 16})
    phrase_length: int = 128
    local_length: int = 32
    prior: str = "standard"
    mixture_components: int = 8
    flow_layers: int = 4
    normalize_means: bool = False

    @property
    def total(self) -> int:
        return sum(self.dimensions.values())


@dataclass
class Configuration:
    width: int = 256
    heads: int = 8
    feed_forward: int = 1024
    encoder_layers: int = 4
    decoder_layers: int = 6
    window: int = 512
    latents: Latents | None = field(default_factory=Latents)

    @staticmethod
    def preset(name: str) -> "Configuration":
        if name == "tiny":
            dimensions = {"global": 16, "phrase": 8, "local": 4}
            return Configuration(64, 4, 256, 1, 2, 128, Latents(dimensions, phrase_length=64, local_length=16))
        return {"small": Configuration(), "base": Configuration(384, 8, 1536, 6, 8)}[name]


class RMSNorm(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.weight.shape, self.weight, 1e-5)


class Rotary(nn.Module):
    """Rotates two halves of each head by the angle of its position: [batch, heads, time, head width]."""

    def __init__(self, head_width: int, window: int):
        super().__init__()
        angles = torch.arange(window)[:, None] * 10000.0 ** (-torch.arange(0, head_width, 2) / head_width)
        self.register_buffer("cos", angles.cos().repeat(1, 2), persistent=False)
        self.register_buffer("sin", torch.cat([-angles.sin(), angles.sin()], -1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        time = x.shape[-2]
        first, second = x.chunk(2, -1)
        return x * self.cos[:time] + torch.cat([second, first], -1) * self.sin[:time]


class Attention(nn.Module):
    def __init__(self, c: Configuration):
        super().__init__()
        self.heads = c.heads
        self.norm = RMSNorm(c.width)
        self.qkv = nn.Linear(c.width, 3 * c.width, bias=False)
        self.output = nn.Linear(c.width, c.width, bias=False)
        self.rotary = Rotary(c.width // c.heads, c.window)

    def forward(self, x: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
        qkv = self.qkv(self.norm(x)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        a = F.scaled_dot_product_attention(self.rotary(q), self.rotary(k), v, attn_mask=mask, is_causal=causal)
        return x + self.output(a.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self, c: Configuration):
        super().__init__()
        self.norm = RMSNorm(c.width)
        self.up = nn.Linear(c.width, c.feed_forward, bias=False)
        self.down = nn.Linear(c.feed_forward, c.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.down(F.gelu(self.up(self.norm(x)), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, c: Configuration, latents: int = 0):
        super().__init__()
        self.latents = nn.Linear(latents, c.width, bias=False) if latents else None
        self.attention = Attention(c)
        self.feedForward = FeedForward(c)

    def forward(self, x: Tensor, mask: Tensor | None = None, causal: bool = False, z: Tensor | None = None) -> Tensor:
        if self.latents is not None:
            x = x + self.latents(z)
        return self.feedForward(self.attention(x, mask, causal))


@dataclass
class Gaussian:
    mean: Tensor
    log_variance: Tensor

    @staticmethod
    def of(parameters: Tensor) -> "Gaussian":
        mean, s = parameters.chunk(2, -1)
        return Gaussian(mean, 6 * torch.tanh(s / 6))

    def times(self, other: "Gaussian") -> "Gaussian":
        """The product of the two densities, normalised."""
        precision, others = torch.exp(-self.log_variance), torch.exp(-other.log_variance)
        total = precision + others
        return Gaussian((self.mean * precision + other.mean * others) / total, -torch.log(total))

    def sample(self) -> Tensor:
        return self.mean + torch.exp(self.log_variance / 2) * torch.randn_like(self.mean)

    def log_density(self, z: Tensor) -> Tensor:
        deviation = (z - self.mean) ** 2 * torch.exp(-self.log_variance)
        return -0.5 * (math.log(2 * math.pi) + self.log_variance + deviation)

    def divergence(self, prior: "Gaussian") -> Tensor:
        """KL(self ‖ prior) of each dimension."""
        ratio = self.log_variance - prior.log_variance
        distance = (self.mean - prior.mean) ** 2 * torch.exp(-prior.log_variance)
        return 0.5 * (torch.exp(ratio) + distance - 1 - ratio)


class Pooling(nn.Module):
    """Attention of a learned query over each segment: [batch, time, d] → [batch, segments, d]."""

    def __init__(self, c: Configuration):
        super().__init__()
        self.heads = c.heads
        self.query = nn.Parameter(torch.randn(c.width))
        self.keyValue = nn.Linear(c.width, 2 * c.width, bias=False)

    def forward(self, h: Tensor, length: int, present: Tensor | None) -> Tensor:
        k, v = self.keyValue(h).unflatten(-1, (2, self.heads, -1)).unflatten(1, (-1, length)).unbind(3)
        query = self.query.view(self.heads, -1)
        scores = (k * query).sum(-1) / math.sqrt(query.shape[-1])  # [batch, segments, length, heads]
        if present is not None:
            # A segment without any token pools nothing of interest, but must not make NaNs.
            hidden = ~present.unflatten(1, (-1, length))
            scores = scores.masked_fill((hidden & ~hidden.all(-1, keepdim=True)).unsqueeze(-1), -math.inf)
        return (scores.softmax(2).unsqueeze(-1) * v).sum(2).flatten(2)


class Normalization(nn.Module):
    """BatchNorm on posterior means with a fixed scale (BN-VAE, Zhu 2020)."""

    def __init__(self, dimensions: int):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(dimensions))
        self.register_buffer("mean", torch.zeros(dimensions))
        self.register_buffer("variance", torch.ones(dimensions))

    def forward(self, m: Tensor, present: Tensor) -> Tensor:
        mean, variance = self.mean, self.variance
        if self.training:
            rows = m[present]
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
        return Gaussian.of(self.output(F.gelu(self.hidden(e), approximate="tanh")))


class Summary(nn.Module):
    """What the encoder says about the latents of one level."""

    def __init__(self, c: Configuration, dimensions: int):
        super().__init__()
        self.pooling = Pooling(c)
        self.posterior = Posterior(c, dimensions)
        self.normalization = Normalization(dimensions) if c.latents.normalize_means else None

    def forward(self, h: Tensor, length: int, tokens: Tensor | None, segments: Tensor) -> Gaussian:
        gaussian = self.posterior(self.pooling(h, length, tokens))
        if self.normalization is not None:
            gaussian.mean = self.normalization(gaussian.mean, segments)
        return gaussian


class Encoder(nn.Module):
    def __init__(self, c: Configuration):
        super().__init__()
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.encoder_layers))
        self.norm = RMSNorm(c.width)
        for level in LEVELS:
            self.add_module(level, Summary(c, c.latents.dimensions[level]))

    def forward(self, x: Tensor, present: Tensor | None) -> Tensor:
        mask = None if present is None else present[:, None, None, :]
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x)


class StandardPrior(nn.Module):
    def divergence(self, q: Gaussian, g: Tensor) -> Tensor:
        return q.divergence(Gaussian(torch.zeros_like(g), torch.zeros_like(g)))

    def log_density(self, g: Tensor) -> Tensor:
        return Gaussian(torch.zeros_like(g), torch.zeros_like(g)).log_density(g).sum(-1)

    def sample(self, shape: tuple) -> Tensor:
        return torch.randn(shape)


class MonteCarloPrior(nn.Module):
    """A prior whose KL has no closed form: one sample estimates it, over all dimensions at once."""

    def divergence(self, q: Gaussian, g: Tensor) -> Tensor:
        return (q.log_density(g).sum(-1) - self.log_density(g)).unsqueeze(-1)


class Mixture(nn.Module):
    def __init__(self, components: int, dimensions: int):
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(components))
        self.means = nn.Parameter(torch.randn(components, dimensions) * 0.5)
        self.logVariances = nn.Parameter(torch.zeros(components, dimensions))


class MixturePrior(MonteCarloPrior):
    def __init__(self, latents: Latents):
        super().__init__()
        self.mixture = Mixture(latents.mixture_components, latents.dimensions["global"])

    def log_density(self, g: Tensor) -> Tensor:
        m = self.mixture
        components = Gaussian(m.means, m.logVariances).log_density(g.unsqueeze(-2)).sum(-1)
        return torch.logsumexp(m.logits.log_softmax(-1) + components, -1)


class PlanarFlow(nn.Module):
    def __init__(self, dimensions: int):
        super().__init__()
        self.u = nn.Parameter(torch.randn(dimensions) * 0.01)
        self.w = nn.Parameter(torch.randn(dimensions) * 0.01)
        self.b = nn.Parameter(torch.zeros(1))

    def forward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        product = self.w @ self.u
        u = self.u + (F.softplus(product) - 1 - product) * self.w / self.w.square().sum()
        t = torch.tanh(g @ self.w + self.b)
        return g + t.unsqueeze(-1) * u, torch.log1p((1 - t.square()) * (u @ self.w))


class FlowPrior(MonteCarloPrior):
    def __init__(self, latents: Latents):
        super().__init__()
        self.flow = nn.ModuleList(PlanarFlow(latents.dimensions["global"]) for _ in range(latents.flow_layers))

    def log_density(self, g: Tensor) -> Tensor:
        volume = 0
        for flow in self.flow:
            g, logarithm = flow(g)
            volume = volume + logarithm
        return volume - 0.5 * (g.square() + math.log(2 * math.pi)).sum(-1)


class ConditionalPrior(nn.Module):
    def __init__(self, c: Configuration, parent: int, dimensions: int, positions: int):
        super().__init__()
        self.parent = nn.Linear(parent, c.width, bias=False)
        self.position = nn.Parameter(torch.randn(positions, c.width))
        self.output = nn.Linear(c.width, 2 * dimensions)

    def forward(self, parent: Tensor) -> Gaussian:
        """Of parents [batch, parents, dimensions]; their children follow one another."""
        hidden = F.gelu(self.parent(parent).unsqueeze(2) + self.position, approximate="tanh")
        return Gaussian.of(self.output(hidden).flatten(1, 2))


class Prior(nn.Module):
    def __init__(self, c: Configuration):
        super().__init__()
        z, n = c.latents, c.latents.dimensions
        kinds = {"standard": lambda _: StandardPrior(), "mixture": MixturePrior, "flow": FlowPrior}
        self.add_module("global", kinds[z.prior](z))
        self.phrase = ConditionalPrior(c, n["global"], n["phrase"], c.window // z.phrase_length)
        self.local = ConditionalPrior(c, n["phrase"], n["local"], z.phrase_length // z.local_length)


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
    """Latents of a batch, with what was inferred: for each level [batch, segments, dimensions]."""

    samples: dict
    posteriors: dict
    divergences: dict  # zero where there is no segment
    present: dict  # [batch, segments]


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

    @torch.no_grad()
    def initialize(self):
        c = self.configuration
        nn.init.normal_(self.embedding.weight, std=c.width**-0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=module.in_features**-0.5)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        for part, layers in (("encoder", c.encoder_layers), ("decoder", c.decoder_layers)):
            for block in getattr(self, part).blocks if hasattr(self, part) else ():
                block.attention.output.weight *= (2 * layers) ** -0.5
                block.feedForward.down.weight *= (2 * layers) ** -0.5

    def embed(self, tokens: Tensor) -> Tensor:
        return self.embedding(tokens) * math.sqrt(self.configuration.width)

    def infer(self, tokens: Tensor, present: Tensor | None, mean: bool = False) -> Inference:
        """Latents of windows [batch, time]; `present` [batch, time] where some are padded. The means where `mean`."""
        latents = self.configuration.latents
        h = self.encoder(self.embed(tokens), present)
        lengths = {"global": tokens.shape[1], "phrase": latents.phrase_length, "local": latents.local_length}
        result = Inference({}, {}, {}, {})
        parent = None
        for level, length in lengths.items():
            if present is None:
                exists = torch.ones(tokens.shape[0], tokens.shape[1] // length, dtype=torch.bool, device=tokens.device)
            else:
                exists = present.unflatten(1, (-1, length)).any(-1)
            q = getattr(self.encoder, level)(h, length, present, exists)
            prior = getattr(self.prior, level)
            if level == "global":
                sample = q.mean if mean else q.sample()
                divergence = prior.divergence(q, sample)
            else:
                p = prior(parent)
                p = Gaussian(p.mean[:, : q.mean.shape[1]], p.log_variance[:, : q.mean.shape[1]])
                q = q.times(p)
                sample = q.mean if mean else q.sample()
                divergence = q.divergence(p)
            there = exists.unsqueeze(-1)
            parent = result.samples[level] = sample * there
            result.posteriors[level], result.divergences[level], result.present[level] = q, divergence * there, exists
        return result

    def spread(self, samples: dict, time: int) -> Tensor:
        """What each position sees of the latents: [batch, time, total]."""
        parts = [samples[level].repeat_interleave(time // samples[level].shape[1], 1) for level in LEVELS]
        return torch.cat(parts, -1)

    def decode(self, inputs: Tensor, z: Tensor | None) -> Tensor:
        """Logits [batch, time, 775] of the tokens and EOS after each input, which begin with BOS."""
        h = self.decoder(self.embed(inputs), z)
        head = torch.cat([self.embedding.weight[:BOS], self.embedding.weight[EOS : EOS + 1]])
        return F.linear(h, head)

    def forward(self, tokens: Tensor, present: Tensor | None = None, inputs: Tensor | None = None):
        """The cross-entropy [batch, time] of each token (0 where it is padding), and the inference or nil."""
        inference, z = None, None
        if self.configuration.latents:
            inference = self.infer(tokens, present)
            z = self.spread(inference.samples, tokens.shape[1])
        if inputs is None:
            inputs = F.pad(tokens[:, :-1], (1, 0), value=BOS)
        return self.cross_entropy(self.decode(inputs, z), tokens), inference

    @staticmethod
    def cross_entropy(logits: Tensor, tokens: Tensor) -> Tensor:
        targets = torch.where(tokens == EOS, BOS, torch.where(tokens == PAD, -100, tokens))
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none", ignore_index=-100)
        return loss.view_as(tokens)


def free_bits(inference: Inference, minimum: dict) -> Tensor:
    """The KL of a window, mean over the batch, where each dimension of a level costs at least its minimum (Kingma 2016)."""
    total = 0
    for level, divergence in inference.divergences.items():
        segments = inference.present[level].sum()
        mean = divergence.sum((0, 1)) / segments  # of each dimension
        total = total + torch.clamp(mean, min=minimum.get(level, 0)).sum() * segments / divergence.shape[0]
    return total
