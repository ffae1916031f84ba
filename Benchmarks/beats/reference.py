"""Prints what a trained network makes of the notes of `BeatNetworkTests.swift`, which the test expects."""
import sys

import numpy as np
import torch

from features import features
from network import BeatNetwork

notes = []
for step in range(24):
    time = 0.25 * step + (0.01 if step % 3 == 1 else 0)
    notes.append((time, time + 0.2, 60 + step * 7 % 12, 60 + step * 5 % 30))
    if step % 4 == 0:
        notes.append((time, time + 0.8, 36 + step * 5 % 12, 80))
    if step % 2 == 0:
        notes.append((time + 0.005, time + 0.3, 72 + step * 3 % 7, 70))
onset, end, pitch, velocity = np.array(sorted(notes, key=lambda note: (note[0], note[2]))).T
times, values, _ = features(onset, end, pitch.astype(np.int64), velocity)
network = BeatNetwork()
network.load_state_dict(torch.load(sys.argv[1]))
network.eval()
with torch.no_grad():
    for parameter in network.parameters():
        parameter.copy_(torch.round(parameter * 4096) / 4096)
    output = network(torch.tensor(values.T[None]), torch.tensor(times[None].astype(np.float32)))[0].numpy()
for name, row in (("beat", 0), ("downbeat", 1), ("last period", 25)):
    print(name, [round(float(value), 3) for value in output[row][[0, 1, 2, 5, 11, 16, 23]]])
