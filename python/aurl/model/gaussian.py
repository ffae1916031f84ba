"""Diagonal Gaussians."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass
class Gaussian:
    mean: Tensor
    log_variance: Tensor

    @staticmethod
    def of(parameters: Tensor) -> "Gaussian":
        mean, s = parameters.chunk(2, -1)
        return Gaussian(mean, 6 * torch.tanh(s / 6))

    def __getitem__(self, places) -> "Gaussian":
        return Gaussian(self.mean[places], self.log_variance[places])

    def times(self, other: "Gaussian") -> "Gaussian":
        """The product of the two densities, normalized."""
        precision, others = torch.exp(-self.log_variance), torch.exp(-other.log_variance)
        total = precision + others
        return Gaussian((self.mean * precision + other.mean * others) / total, -torch.log(total))

    def sample(self) -> Tensor:
        return self.mean + torch.exp(self.log_variance / 2) * torch.randn_like(self.mean)

    def log_density(self, z: Tensor) -> Tensor:
        """The log density in each dimension."""
        deviation = (z - self.mean) ** 2 * torch.exp(-self.log_variance)
        return -0.5 * (math.log(2 * math.pi) + self.log_variance + deviation)

    def divergence(self, prior: "Gaussian") -> Tensor:
        """KL(self ‖ prior) in each dimension, in nats."""
        ratio = self.log_variance - prior.log_variance
        distance = (self.mean - prior.mean) ** 2 * torch.exp(-prior.log_variance)
        return 0.5 * (torch.exp(ratio) + distance - 1 - ratio)
