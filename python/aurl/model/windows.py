"""The windows of a dataset as PyTorch tensors."""

import numpy
import torch
from torch import Tensor
from torch.utils.data import Dataset as TorchDataset

from ..datasets import Windows
from .configuration import PAD
from .planes import window_planes


class WindowDataset(TorchDataset):
    """The windows of a split for a `torch.utils.data.DataLoader`, padded to the same length:

    - `tokens`, int64 [length], padded with PAD;
    - `keys`, float32 [length + 1, 390]: the key planes before the first token and after each token.
    """

    def __init__(self, windows: Windows):
        self.windows = windows

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        window = self.windows[index]
        padded = numpy.full(self.windows.length, PAD, numpy.int64)
        padded[: len(window.tokens)] = window.tokens
        tokens = torch.from_numpy(padded)
        return {"tokens": tokens, "keys": window_planes(window.before, tokens)}

