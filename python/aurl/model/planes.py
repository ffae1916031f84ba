"""The key planes: features of the keyboard state, an input of the model at each token (`KeyPlanes` of `MusicFeatures`)."""

import math

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

from ..vocabulary import LONGEST_SHIFT, NOTE_OFF, TIME_SHIFT, VELOCITY_CHANGE

COUNT = 3 * 128 + 6
LONGEST = 8192  # ticks after which an onset no longer matters
REACH = 12  # range of the interval head to each side, in semitones
INTERVAL_WEIGHTS = 2 * 3 * (2 * REACH + 1)


def recency(ticks: Tensor) -> Tensor:
    """A logarithmic function of the time since an onset: 1 at the onset, 0 from `LONGEST` ticks on."""
    return (1 - torch.log1p(ticks.double()) / math.log1p(LONGEST)).clamp(min=0).float()


def key_planes(tokens: Tensor) -> Tensor:
    """The planes before the first token and after each token: [batch, time] → [batch, time + 1, COUNT]."""
    tokens = F.pad(tokens, (1, 0), value=-1)
    places = torch.arange(tokens.shape[1]).view(1, -1, 1)

    def last(first: int, count: int) -> Tensor:
        """The last position of each of `count` ids from `first` on, 0 if there is none: [batch, time + 1, count]."""
        return ((tokens.unsqueeze(-1) == torch.arange(first, first + count)) * places).cummax(1).values

    ticks = torch.where((tokens >= 256) & (tokens < 768), tokens - 255, 0).cumsum(1)
    onsets, levels = last(0, 128), last(768, 6)
    since = ticks.unsqueeze(-1) - ticks.unsqueeze(-1).expand(onsets.shape).gather(1, onsets)
    recent = recency(since) * (onsets > 0)
    sounding = (onsets > last(128, 128)).float()
    level = (levels > 0) & (levels == levels.max(-1, keepdim=True).values)
    return torch.cat([sounding, sounding * recent, recent, level.float()], -1)


def window_planes(before, tokens: Tensor) -> Tensor:
    """The planes [time + 1, COUNT] of a window [time] that follows the tokens `before` of its piece."""
    known = torch.tensor(_condensed(numpy.asarray(before, numpy.int64)), dtype=torch.int64)
    return key_planes(torch.cat([known, tokens]).unsqueeze(0))[0, len(known) :]


def _condensed(tokens: numpy.ndarray) -> list[int]:
    """A short sequence of tokens that results in the same planes."""
    times = numpy.where((tokens >= TIME_SHIFT) & (tokens < VELOCITY_CHANGE), tokens - TIME_SHIFT + 1, 0).cumsum()
    last = {token: place for place, token in enumerate(tokens.tolist()) if not TIME_SHIFT <= token < VELOCITY_CHANGE}
    result, time = [], 0

    def wait(until: int) -> None:
        nonlocal time
        # Onsets more than LONGEST ticks ago do not affect the planes.
        rest, time = min(until - time, LONGEST), until
        while rest > 0:
            result.append(TIME_SHIFT - 1 + min(rest, LONGEST_SHIFT))
            rest -= LONGEST_SHIFT

    for place, pitch in sorted((last[pitch], pitch) for pitch in range(NOTE_OFF) if pitch in last):
        wait(int(times[place]))
        result.append(pitch)
        if last.get(NOTE_OFF + pitch, -1) > place:
            result.append(NOTE_OFF + pitch)
    levels = sorted((last[token], token) for token in range(VELOCITY_CHANGE, VELOCITY_CHANGE + 6) if token in last)
    result += [token for _, token in levels[-1:]]
    wait(int(times[-1]) if len(times) else 0)
    return result


def intervals(weights: Tensor, keys: Tensor) -> Tensor:
    """The contribution of the interval head to the logits of note-ons and note-offs, [batch, time, 256]: a weighted sum of
    the planes of the keys around each key."""
    around = F.pad(keys[..., :384].unflatten(-1, (3, 128)), (REACH, REACH)).unfold(-1, 2 * REACH + 1, 1)
    weights = weights.unflatten(-1, (2, 3, 2 * REACH + 1)).float()
    return torch.einsum("btkpi,btpni->btkn", weights, around).flatten(-2)
