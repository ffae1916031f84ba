"""Trains the beat network on invented performances of scores. Runs on a CPU in about a quarter of an hour."""
import argparse
import copy
import json
import math
import multiprocessing
import os
import time

import numpy as np
import torch
from torch.nn import functional

from features import features
from network import LONGEST, PERIODS, SHORTEST, BeatNetwork
from performances import perform
from scores import load_folders, places

LENGTH, BATCH = 384, 32
# Features that are left out together, so that none is relied on alone.
GROUPS = ([4, 5], [12, 13, 14], [0, 1, 2], [6, 7], [8, 9, 10, 11], [15, 16, 17, 18], [19, 20, 21], [3])


def example(score, place_of, rng):
    count = len(score["notes"])
    first = rng.integers(0, max(1, count - 1100 + 1))
    rows, _, _ = perform(score, place_of, first, min(count, first + 1100), rng)
    onset, end, pitch, velocity, on_beat, on_downbeat, period = rows
    times, values, chord = features(onset, end, pitch.astype(np.int64), velocity)
    beat, downbeat, length = np.zeros(len(times)), np.zeros(len(times)), np.zeros(len(times))
    np.maximum.at(beat, chord, on_beat)
    np.maximum.at(downbeat, chord, on_downbeat)
    length[chord] = period
    bins = np.log(np.maximum(length, 1e-3) / SHORTEST) / math.log(LONGEST / SHORTEST) * PERIODS
    start = rng.integers(0, max(1, len(times) - LENGTH + 1))
    cut = slice(start, start + LENGTH)
    used = len(times[cut])

    def padded(array, fill=0.0):
        result = np.full((LENGTH,) + array.shape[1:], fill, np.float32)
        result[:used] = array[cut]
        return result

    seconds = times - times[start]
    return (
        padded(values), padded(seconds, seconds[cut][-1]), padded(beat), padded(downbeat * beat),
        padded(np.clip(bins.astype(int), 0, PERIODS - 1)), padded(np.ones(len(times))),
    )


def produce(queue, scores, weights, seed):
    rng = np.random.default_rng(seed)
    torch.set_num_threads(1)
    while True:
        chosen = rng.choice(len(scores), BATCH, p=weights)
        queue.put([np.stack(column) for column in zip(*(example(*scores[index], rng) for index in chosen))])


def loss_of(network, batch):
    values, seconds, beat, downbeat, period, mask = (torch.tensor(column) for column in batch)
    values = values.transpose(1, 2)
    keep = torch.ones(values.shape[0], values.shape[1], 1)
    for group in GROUPS:
        keep[:, group] *= (torch.rand(values.shape[0], 1, 1) > 0.2).float()
    values = values * keep + 0.1 * torch.randn_like(values) * (values * keep != 0)
    output = network(values, seconds)
    entropy = functional.binary_cross_entropy_with_logits
    losses = entropy(output[:, 0], beat, reduction="none") + 0.5 * entropy(output[:, 1], downbeat, reduction="none")
    losses = losses + 0.3 * functional.cross_entropy(output[:, 2:], period.long(), reduction="none")
    return (losses * mask).sum() / mask.sum()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--pickups", help="what pickups.py wrote")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    pickups = json.load(open(options.pickups)) if options.pickups else {}
    loaded = load_folders(options.folders)
    scores = [(score, places(score, pickups.get(os.path.basename(path), 0.0))) for path, score in loaded.items()]
    weights = np.array(
        [min(3, len(score["notes"]) / 600) * (0.3 if "pop909" in path else 1) for path, score in loaded.items()]
    )
    queue = multiprocessing.Queue(8)
    for worker in range(2):
        arguments = (queue, scores, weights / weights.sum(), options.seed + worker + 1)
        multiprocessing.Process(target=produce, args=arguments, daemon=True).start()
    torch.manual_seed(options.seed)
    network = BeatNetwork()
    average = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
    began = time.time()
    for step in range(1, options.steps + 1):
        for group in optimizer.param_groups:
            decay = 0.5 * (1 + math.cos(math.pi * step / options.steps)) + 0.01
            group["lr"] = 3e-3 * min(1, step / 100) * decay
        loss = loss_of(network, queue.get())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            decay = min(0.999, step / (step + 50))
            for mean, parameter in zip(average.parameters(), network.parameters()):
                mean.mul_(decay).add_(parameter, alpha=1 - decay)
        if step % 400 == 0 or step == options.steps:
            print(f"{step} steps, {time.time() - began:.0f} s, loss {loss.item():.3f}", flush=True)
            torch.save(average.state_dict(), options.output)


if __name__ == "__main__":
    main()
