"""Trains the beat network on synthetic performances of the scores of bars.py, on one thread of a CPU."""
import argparse
import copy
import math
import time

import numpy as np
import torch
from torch.nn import functional

from features import COUNT
from network import METERS, PERIODS, BeatNetwork, period_targets
from performances import LENGTH, example, load

BATCH = 16
# Groups of features that are dropped together in 12 % of the examples, given by their ends.
GROUPS = np.split(np.arange(COUNT), [5, 6, 10, 12, 18, 23, 27, 32, 60])


def batch_of(pieces, weights, rng):
    """Features (BATCH, LENGTH, COUNT), seconds, targets (BATCH, LENGTH, 5), and a mask that is 1 where there is a group."""
    x, seconds = np.zeros((BATCH, LENGTH, COUNT), np.float32), np.zeros((BATCH, LENGTH), np.float32)
    y, mask = np.zeros((BATCH, LENGTH, 5), np.float32), np.zeros((BATCH, LENGTH), np.float32)
    row = 0
    while row < BATCH:
        made = example(*pieces[rng.choice(len(pieces), p=weights)], rng)
        if made is None:
            continue
        count = len(made[1])
        x[row, :count], seconds[row, :count], y[row, :count] = made
        seconds[row, count:] = made[1][-1]
        mask[row, :count] = 1
        row += 1
    return [torch.from_numpy(array) for array in (x, seconds, y, mask)]


def losses(output, y, mask):
    """The losses of beats, downbeats, periods, meters and subdivisions, in nats a group."""
    odds = functional.binary_cross_entropy_with_logits
    periods = -(period_targets(y[..., 2]).transpose(1, 2) * functional.log_softmax(output[:, 2 : 2 + PERIODS], 1)).sum(1)
    meters = functional.cross_entropy(output[:, 2 + PERIODS : 2 + PERIODS + METERS], y[..., 3].long(), reduction="none")
    parts = [odds(output[:, row], y[..., column], reduction="none") for row, column in ((0, 0), (1, 1), (-1, 4))]
    return [(loss * mask).sum() / mask.sum() for loss in (parts[0], parts[1], periods, meters, parts[2])]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scores", help="the output of bars.py")
    parser.add_argument("output")
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--initial", help="a network to start from")
    parser.add_argument("--keep", type=float, default=0, help="weight of the initial network in the result")
    parser.add_argument("--rate", type=float, default=2.5e-3, help="the highest learning rate")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    pieces, weights = load(options.scores)
    network = BeatNetwork(seed=options.seed)
    if options.initial:
        network.load_state_dict(torch.load(options.initial))
    initial, average = copy.deepcopy(network), copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-2, betas=(0.9, 0.99))
    began, step, recent = time.time(), 0, []
    while True:
        done = step / options.steps if options.steps else (time.time() - began) / 60 / options.minutes
        if done >= 1:
            break
        x, seconds, y, mask = batch_of(pieces, weights, rng)
        keep = torch.ones(BATCH, 1, COUNT)
        for group in GROUPS:
            keep[:, :, group] *= (torch.rand(BATCH, 1, 1) > 0.12).float()
        x = (x * keep + 0.07 * torch.randn_like(x)) * mask[..., None]
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1, (step + 1) / 150) * (0.5 * (1 + math.cos(math.pi * done)) + 0.01)
        with torch.autocast("cpu", torch.bfloat16):
            output = network(x, seconds)
        parts = losses(output, y, mask)
        loss = parts[0] + parts[1] + 0.3 * parts[2] + 0.2 * parts[3] + 0.3 * parts[4]
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        step += 1
        with torch.no_grad():
            decay = min(0.999, step / (step + 40))
            for mean, parameter in zip(average.parameters(), network.parameters()):
                mean.mul_(decay).add_(parameter, alpha=1 - decay)
        recent = recent[-199:] + [[float(part.detach()) for part in parts]]
        if step % 200 == 0:
            print(step, f"{time.time() - began:.0f} s", np.mean(recent, 0).round(3), flush=True)
            torch.save(average.state_dict(), options.output)
    # Interpolating between the initial and the trained network gives one that generalizes better than either (Wortsman et
    # al., CVPR 2022).
    with torch.no_grad():
        for mean, parameter in zip(average.parameters(), initial.parameters()):
            mean.lerp_(parameter, options.keep)
    torch.save(average.state_dict(), options.output)


if __name__ == "__main__":
    main()
