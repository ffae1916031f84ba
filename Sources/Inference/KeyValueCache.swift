internal import CKernels

/// The keys and values of one layer for the last positions of a stream.
extension AurlCache {
  /// A cache with room for so many positions at least.
  init(positions: Int, heads: Int, headWidth: Int, in memory: Memory) {
    let blocks = Self.blocks(positions)
    let stride = Self.valueStride(headWidth)
    self.init(
      keys: memory.floats(heads * blocks * headWidth * AurlKeyBlock),
      values: memory.floats(heads * blocks * AurlKeyBlock * stride),
      heads: Int32(heads), headWidth: Int32(headWidth), valueStride: Int32(stride), blocks: Int32(blocks))
  }

  /// Bytes that a cache takes of a `Memory`.
  static func byteCount(positions: Int, heads: Int, headWidth: Int) -> Int {
    let slots = heads * blocks(positions) * AurlKeyBlock
    return slots * (headWidth + valueStride(headWidth)) * MemoryLayout<Float>.stride + 128
  }

  static func blocks(_ positions: Int) -> Int {
    (positions + AurlKeyBlock - 1) / AurlKeyBlock
  }

  private static func valueStride(_ headWidth: Int) -> Int { (headWidth + 15) & -16 }
}
