"""Writes the weights of a trained network as 16-bit integers, little-endian, in units of 1/4096."""
import sys

import numpy as np
import torch

from network import DILATIONS


def main():
    model, output = sys.argv[1:]
    state = torch.load(model)
    layers = ["input"]
    for index in range(len(DILATIONS)):
        layers += [f"convolutions.{index}", f"mixing.{index}"]
    layers.append("output")
    values = np.concatenate([state[f"{layer}.{part}"].numpy().ravel() for layer in layers for part in ("weight", "bias")])
    np.round(values * 4096).clip(-32768, 32767).astype("<i2").tofile(output)


if __name__ == "__main__":
    main()
