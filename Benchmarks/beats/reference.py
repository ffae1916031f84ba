"""Prints the outputs of a trained network for the notes of `BeatNetworkTests.swift`, the expected values of the test."""
import sys

import numpy as np
import torch

from export import layers, quantized
from features import features
from network import load

notes = []
for step in range(24):
    time = 0.25 * step + (0.01 if step % 3 == 1 else 0)
    notes.append((time, time + 0.2, 60 + step * 7 % 12, 60 + step * 5 % 30))
    if step % 4 == 0:
        notes.append((time, time + 0.8, 36 + step * 5 % 12, 80))
    if step % 2 == 0:
        notes.append((time + 0.005, time + 0.3, 72 + step * 3 % 7, 70))
onset, end, pitch, velocity = np.array(sorted(notes, key=lambda note: (note[0], note[2]))).T
seconds, values, _ = features(onset, end, pitch.astype(np.int64), velocity)
network = load(sys.argv[1])
state = network.state_dict()
with torch.no_grad():
    for name, weight, _ in layers(state):
        integers, scales = quantized(weight)
        state[f"{name}.weight"].copy_(torch.from_numpy(integers * scales[:, None]))
    output = network(torch.from_numpy(values[None]), torch.tensor(seconds[None], dtype=torch.float32))[0].numpy()
for name, row in (("beat", 0), ("downbeat", 1), ("last period", 33), ("first meter", 34)):
    print(name, [round(float(value), 3) for value in output[row][[0, 1, 2, 5, 11, 16, 23]]])
