"""The network of `BeatNetwork.swift` in PyTorch."""
import torch
from torch import nn

FEATURES, CHANNELS, PERIODS = 22, 24, 24
SHORTEST, LONGEST = 0.2, 2.7
DILATIONS = (1, 2, 4, 8, 16, 32, 64)


class BeatNetwork(nn.Module):
    def __init__(self, dropout=0.15):
        super().__init__()
        self.input = nn.Conv1d(FEATURES, CHANNELS, 1)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(CHANNELS + 2, CHANNELS, 3, dilation=dilation, padding=dilation) for dilation in DILATIONS
        )
        self.mixing = nn.ModuleList(nn.Conv1d(CHANNELS, CHANNELS, 1) for _ in DILATIONS)
        self.output = nn.Conv1d(CHANNELS, 2 + PERIODS, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features, times):
        """Features (batch, features, chords) and times (batch, chords) in seconds to (batch, 2 + periods, chords)."""
        state = torch.relu(self.input(features))
        for dilation, convolution, mixing in zip(DILATIONS, self.convolutions, self.mixing):
            before, after = torch.zeros_like(times), torch.zeros_like(times)
            if times.shape[1] > dilation:
                seconds = (times[:, dilation:] - times[:, :-dilation]).clamp(min=0.02)
                distance = torch.log((seconds / (0.2 * dilation)).clamp(0.1, 10.0))
                before[:, dilation:] = distance
                after[:, :-dilation] = distance
            inner = convolution(torch.cat([state, before[:, None], after[:, None]], 1))
            state = state + self.dropout(mixing(torch.relu(inner)))
        return self.output(state)
