internal import CBeatWeights
internal import CKernels

/// The weights of `BeatNetwork`, read one layer after another: a matrix of 8-bit integers, row by row, what each row is
/// multiplied by, and the biases, as `Benchmarks/beats/export.py` writes them.
struct BeatWeights {
  private var bytes = UnsafeRawBufferPointer(start: aurl_beat_weights, count: aurl_beat_weights_count)

  /// The next layer, with this many inputs and outputs.
  mutating func layer(inputs: Int, outputs: Int) -> LinearLayer {
    let matrix = next(inputs * outputs)
    return LinearLayer(inputs: inputs, integers: matrix, scales: floats(outputs), biases: floats(outputs))
  }

  private mutating func next(_ count: Int) -> UnsafeRawBufferPointer {
    defer { bytes = UnsafeRawBufferPointer(rebasing: bytes[count...]) }
    return UnsafeRawBufferPointer(rebasing: bytes[..<count])
  }

  private mutating func floats(_ count: Int) -> [Float] {
    let part = next(4 * count)
    return (0..<count).map { index in
      Float(bitPattern: UInt32(littleEndian: part.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
    }
  }
}
