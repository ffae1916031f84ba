/// The weights of `BeatNetwork`, read one layer after another from `Weights/beats.i16`: 16-bit integers, little-endian,
/// in units of 1/4096, which `Benchmarks/beats/export.py` writes.
struct BeatWeights {
  /// Channels of the network's inner layers.
  static let channels = 24

  private static let bytes = PackageResources.beats_i16
  private var position = 0

  /// The next `count` weights.
  mutating func next(_ count: Int) -> [Float] {
    let range = 2 * position..<2 * (position + count)
    position += count
    return stride(from: range.lowerBound, to: range.upperBound, by: 2).map { index in
      Float(Int16(bitPattern: UInt16(Self.bytes[index]) | UInt16(Self.bytes[index + 1]) << 8)) / 4096
    }
  }
}
