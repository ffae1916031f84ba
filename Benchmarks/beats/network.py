"""The network: dilated convolutions over groups of onsets, with the time distances of their taps as additional input."""
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from features import COUNT

PERIODS, SHORTEST, LONGEST, METERS = 32, 0.2, 2.7, 7
# Log odds of a beat and of a downbeat, periods, meters, and log odds of a subdivision of a beat.
OUTPUTS = 2 + PERIODS + METERS + 1
DILATIONS = (1, 2, 4, 8, 16, 32, 64, 128, 1, 4, 16, 64)


class BeatNetwork(nn.Module):
    """A temporal convolutional network (Bai, Kolter & Koltun 2018) of 464,202 weights."""

    def __init__(self, channels=96, dropout=0.1, seed=1):
        super().__init__()
        self.input = nn.Linear(COUNT, channels)
        self.taps = nn.ModuleList(nn.Linear(3 * (channels + 2), channels) for _ in DILATIONS)
        self.mix = nn.ModuleList(nn.Linear(channels, channels) for _ in DILATIONS)
        for layer in self.mix:
            nn.init.normal_(layer.weight, 0, 0.02)
            nn.init.zeros_(layer.bias)
        self.output = nn.Linear(channels, OUTPUTS)
        self.dropout = dropout
        self.random = np.random.default_rng(seed)

    def forward(self, features, seconds):
        """Features (batch, groups, COUNT) and times (batch, groups) to (batch, OUTPUTS, groups)."""
        count = seconds.shape[1]
        state = torch.relu(self.input(features)).float()
        for dilation, taps, mix in zip(DILATIONS, self.taps, self.mix):
            before, after = torch.zeros_like(seconds), torch.zeros_like(seconds)
            if count > dilation:
                apart = (seconds[:, dilation:] - seconds[:, :-dilation]).clamp(min=0.02)
                distance = torch.log((apart / (0.2 * dilation)).clamp(0.1, 10))
                before[:, dilation:], after[:, :-dilation] = distance, distance
            here = torch.cat([state, torch.stack([before, after], 2)], 2)
            wide = functional.pad(here, (0, 0, dilation, dilation))
            three = torch.cat([wide[:, :count], here, wide[:, 2 * dilation :]], 2)
            state = state + self.dropped(mix(torch.relu(taps(three))))
        return self.output(state).float().transpose(1, 2)

    def dropped(self, x):
        """Dropout with a random byte per value, which is much faster on a CPU than PyTorch's."""
        if not self.training:
            return x
        noise = torch.frombuffer(bytearray(self.random.bytes(x.numel())), dtype=torch.uint8)
        kept = (noise >= round(256 * self.dropout)).view(x.shape)
        return x * (kept.to(x.dtype) / (1 - self.dropout))


def period_targets(log_periods):
    """Soft classes (…, PERIODS) of log seconds: Gaussian, with a deviation of 8 %."""
    width = math.log(LONGEST / SHORTEST) / PERIODS
    centers = math.log(SHORTEST) + (torch.arange(PERIODS) + 0.5) * width
    return torch.softmax(-0.5 * ((log_periods[..., None] - centers) / 0.08) ** 2, -1)


def load(path):
    network = BeatNetwork()
    network.load_state_dict(torch.load(path))
    return network.eval()
