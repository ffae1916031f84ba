"""The priors of the three levels of latents."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .configuration import Configuration, Latents
from .gaussian import Gaussian
from .plan import Plan


class StandardPrior(nn.Module):
    def log_density(self, g: Tensor) -> Tensor:
        return -0.5 * (g.square() + math.log(2 * math.pi)).sum(-1)

    def divergence(self, q: Gaussian, g: Tensor) -> Tensor:
        return q.divergence(Gaussian(torch.zeros_like(g), torch.zeros_like(g))).sum(-1)


class MonteCarloPrior(nn.Module):
    """A prior whose KL divergence has no closed form: a sample estimates the sum over all dimensions."""

    def divergence(self, q: Gaussian, g: Tensor) -> Tensor:
        return q.log_density(g).sum(-1) - self.log_density(g)


class Mixture(nn.Module):
    def __init__(self, components: int, dimensions: int):
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(components))
        self.means = nn.Parameter(torch.randn(components, dimensions) * 0.5)
        self.logVariances = nn.Parameter(torch.zeros(components, dimensions))


class MixturePrior(MonteCarloPrior):
    def __init__(self, latents: Latents):
        super().__init__()
        self.mixture = Mixture(latents.mixture_components, latents.dimensions_of("global"))

    def log_density(self, g: Tensor) -> Tensor:
        m = self.mixture
        components = Gaussian(m.means, m.logVariances).log_density(g.unsqueeze(-2)).sum(-1)
        return torch.logsumexp(m.logits.log_softmax(-1) + components, -1)


class PlanarFlow(nn.Module):
    """A planar flow (Rezende & Mohamed 2015), invertible by the constraint of appendix A.1."""

    def __init__(self, dimensions: int):
        super().__init__()
        self.u = nn.Parameter(torch.randn(dimensions) * 0.01)
        self.w = nn.Parameter(torch.randn(dimensions) * 0.01)
        self.b = nn.Parameter(torch.zeros(1))

    def forward(self, g: Tensor) -> tuple[Tensor, Tensor]:
        """Returns the transformed `g`, and the log determinant of the Jacobian."""
        product = self.w @ self.u
        u = self.u + (F.softplus(product) - 1 - product) * self.w / self.w.square().sum()
        t = torch.tanh(g @ self.w + self.b)
        return g + t.unsqueeze(-1) * u, torch.log1p((1 - t.square()) * (u @ self.w))


class FlowPrior(MonteCarloPrior):
    def __init__(self, latents: Latents):
        super().__init__()
        self.flow = nn.ModuleList(PlanarFlow(latents.dimensions_of("global")) for _ in range(latents.flow_layers))

    def log_density(self, g: Tensor) -> Tensor:
        volume = 0
        for flow in self.flow:
            g, stretch = flow(g)
            volume = volume + stretch
        return volume - 0.5 * (g.square() + math.log(2 * math.pi)).sum(-1)


class ConditionalPrior(nn.Module):
    def __init__(self, width: int, parent: int, dimensions: int, positions: int):
        super().__init__()
        self.parent = nn.Linear(parent, width, bias=False)
        self.position = nn.Parameter(torch.randn(positions, width))
        self.output = nn.Linear(width, 2 * dimensions)

    def forward(self, parent: Tensor) -> Tensor:
        """The parameters of the Gaussians of the children, in order.

        [batch, parents, dimensions] → [batch, parents · positions, 2 · dimensions].
        """
        hidden = F.gelu(self.parent(parent).unsqueeze(2) + self.position, approximate="tanh")
        return self.output(hidden).flatten(1, 2).float()


class Prior(nn.Module):
    def __init__(self, c: Configuration):
        super().__init__()
        z = c.latents
        g, p, l = z.dimensions
        kind = {"standard": lambda _: StandardPrior(), "mixture": MixturePrior, "flow": FlowPrior}[z.prior]
        self.add_module("global", kind(z))
        self.phrase = ConditionalPrior(c.width, g, p, z.phrases)
        self.local = ConditionalPrior(c.width, p, l, z.locals)
        self.plan = Plan(z)
