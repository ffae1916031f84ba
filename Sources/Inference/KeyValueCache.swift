internal import CKernels

/// The keys and values of one layer for the last positions of a stream.
extension AurlCache {
  /// Creates a cache for at least `positions` positions.
  init(of element: AurlElement = AurlFloat32, positions: Int, heads: Int, headWidth: Int, in arena: Arena) {
    let blocks = Self.blocks(positions)
    let stride = Self.valueStride(headWidth)
    let slots = heads * blocks * AurlKeyBlock
    self.init(
      element: element, keys: arena.bytes(slots * headWidth * element.stride),
      values: arena.bytes(slots * stride * element.stride), heads: Int32(heads), headWidth: Int32(headWidth),
      valueStride: Int32(stride), blocks: Int32(blocks))
  }

  /// The bytes that a cache takes in an `Arena`.
  static func byteCount(of element: AurlElement = AurlFloat32, positions: Int, heads: Int, headWidth: Int) -> Int {
    let slots = heads * blocks(positions) * AurlKeyBlock
    return slots * (headWidth + valueStride(headWidth)) * element.stride + 128
  }

  /// Copies keys and values of positions from a cache of the same shape, in whole blocks. Positions before the last that
  /// the cache has room for are left out.
  func copy(_ other: AurlCache, from first: Int, to end: Int) {
    let last = (end + AurlKeyBlock - 1) / AurlKeyBlock
    for block in max(first / AurlKeyBlock, last - Int(blocks))..<last {
      for head in 0..<Int(heads) {
        let place = head * Int(blocks) + block % Int(blocks)
        copy(other.keys, to: keys, width: Int(headWidth), place)
        copy(other.values, to: values, width: Int(valueStride), place)
      }
    }
  }

  private func copy(
    _ source: UnsafeMutableRawPointer, to target: UnsafeMutableRawPointer, width: Int, _ place: Int
  ) {
    let byteCount = AurlKeyBlock * width * element.stride
    (target + place * byteCount).copyMemory(from: source + place * byteCount, byteCount: byteCount)
  }

  static func blocks(_ positions: Int) -> Int {
    (positions + AurlKeyBlock - 1) / AurlKeyBlock
  }

  private static func valueStride(_ headWidth: Int) -> Int { (headWidth + 15) & -16 }
}

extension AurlElement {
  /// The size of one number of a cache, in bytes.
  fileprivate var stride: Int { self == AurlFloat32 ? MemoryLayout<Float>.stride : MemoryLayout<UInt16>.stride }
}
