"""Writes the weights of a trained network as Swift source."""
import base64
import sys

import numpy as np
import torch

from network import CHANNELS, DILATIONS

HEAD = '''/// The weights of `BeatNetwork`, read one layer after another.
///
/// Written by `Benchmarks/beats/export.py`: 16-bit integers, little-endian, in units of 1/4096, as Base64. There is
/// nothing to read in them, hence the length of the file.
struct BeatWeights {
  /// Channels of the network's inner layers.
  static let channels = %d

  private static let values = Base64.decode(encoded)
  private var position = 0

  /// The next `count` weights.
  mutating func next(_ count: Int) -> [Float] {
    let bytes = Self.values[2 * position..<2 * (position + count)]
    position += count
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: 2)
      .map { index in
        Float(Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)) / 4096
      }
  }

  private static let encoded = """
'''


def main():
    model, output = sys.argv[1:]
    state = torch.load(model)
    layers = ["input"]
    for index in range(len(DILATIONS)):
        layers += [f"convolutions.{index}", f"mixing.{index}"]
    layers.append("output")
    values = np.concatenate([state[f"{layer}.{part}"].numpy().ravel() for layer in layers for part in ("weight", "bias")])
    text = base64.b64encode(np.round(values * 4096).clip(-32768, 32767).astype("<i2").tobytes()).decode()
    lines = [f"    {text[start : start + 100]}" for start in range(0, len(text), 100)]
    with open(output, "w") as file:
        file.write(HEAD % CHANNELS + "\\\n".join(lines) + '\n    """\n}\n')


if __name__ == "__main__":
    main()
