"""Writes the weights of a trained network in the format of BeatNetwork.swift: for each layer the matrix as 8-bit
integers, row by row, then the scales of the rows and the biases as little-endian 32-bit floats."""
import sys

import numpy as np
import torch

from network import DILATIONS


def quantized(matrix):
    """The matrix as integers from −127 to 127, and the scale of each row."""
    scales = np.maximum(abs(matrix).max(1), 1e-8) / 127
    return np.round(matrix / scales[:, None]).astype("i1"), scales.astype("<f4")


def layers(state):
    names = ["input"] + [f"{layer}.{index}" for index in range(len(DILATIONS)) for layer in ("taps", "mix")] + ["output"]
    for name in names:
        yield name, state[f"{name}.weight"].numpy(), state[f"{name}.bias"].numpy()


def main():
    model, output = sys.argv[1:]
    with open(output, "wb") as file:
        for _, weight, bias in layers(torch.load(model)):
            integers, scales = quantized(weight)
            file.write(integers.tobytes() + scales.tobytes() + bias.astype("<f4").tobytes())


if __name__ == "__main__":
    main()
