"""Finds where the first whole bar of each score begins, which its MIDI file does not say: the phase that a network which
was trained without pickups finds most likely."""
import json
import os
import sys

import numpy as np
import torch

from features import features
from network import BeatNetwork
from performances import perform
from scores import beat_ticks, load_folders, places


def pickup(score, network, rng):
    """Quarters from the first time signature to the first whole bar, in sixteenths."""
    place_of = places(score)
    start, numerator, denominator = score["signatures"][0]
    ticks, bar = beat_ticks(numerator, denominator, score["tpq"])
    sixteenth = score["tpq"] / 4
    steps, beat_steps = int(round(bar / sixteenth)), int(round(ticks / sixteenth))
    if steps > 64 or beat_steps == 0:
        return 0.0
    end = score["signatures"][1][0] if len(score["signatures"]) > 1 else np.inf
    beat, downbeat = np.zeros(steps), np.zeros(steps)
    for _ in range(2):
        rows, times, first = perform(score, place_of, 0, min(len(score["notes"]), 1500), rng)
        seconds, values, _ = features(rows[0], rows[1], rows[2].astype(np.int64), rows[3])
        with torch.no_grad():
            odds = network(torch.tensor(values.T[None]), torch.tensor(seconds[None].astype(np.float32)))[0].numpy()
        tick = (np.interp(seconds, times, np.arange(len(times))) + first) * ticks
        step = np.round(tick / sixteenth).astype(int)
        near = (np.abs(tick / sixteenth - step) < 0.3) & (tick < end - start)
        np.add.at(beat, step[near] % steps, odds[0][near])
        np.add.at(downbeat, step[near] % steps, odds[1][near])
    sums = [beat[phase::beat_steps].sum() for phase in range(beat_steps)]
    phase = int(np.argmax(sums))
    if sums[phase] - sums[0] < 0.15 * abs(sums[0]) + 20:
        phase = 0
    bars = [downbeat[(phase + index * beat_steps) % steps] for index in range(steps // beat_steps)]
    index = int(np.argmax(bars))
    if bars[index] - bars[0] < 10:
        index = 0
    return (phase + index * beat_steps) * sixteenth / score["tpq"]


def main():
    model, output, *folders = sys.argv[1:]
    network = BeatNetwork()
    network.load_state_dict(torch.load(model))
    network.eval()
    rng = np.random.default_rng(5)
    found = {os.path.basename(path): pickup(score, network, rng) for path, score in load_folders(folders).items()}
    found = {name: quarters for name, quarters in found.items() if quarters}
    with open(output, "w") as file:
        json.dump(found, file, indent=1, sort_keys=True)
    print(f"{len(found)} pickups")


if __name__ == "__main__":
    main()
