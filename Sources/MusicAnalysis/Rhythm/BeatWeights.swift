internal import CBeatWeights
internal import CKernels

/// The weights of `BeatNetwork`, read layer by layer: a row-major matrix of 8-bit integers, the scale of each row, and the
/// biases, as written by `Benchmarks/beats/export.py`.
struct BeatWeights {
  private var bytes = UnsafeRawBufferPointer(start: aurl_beat_weights, count: aurl_beat_weights_count)

  /// Reads the next layer.
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
