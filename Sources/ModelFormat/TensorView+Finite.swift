extension TensorView {
  /// The index of the first floating-point number that is infinite or not a number; nil for integers. O(n).
  var firstNonFinite: Int? {
    withUnsafeBytes { bytes in
      switch type {
      case .float64: Self.firstSaturated(in: bytes, exponent: UInt64(0x7FF0_0000_0000_0000))
      case .float32: Self.firstSaturated(in: bytes, exponent: UInt32(0x7F80_0000))
      case .float16: Self.firstSaturated(in: bytes, exponent: UInt16(0x7C00))
      case .bfloat16: Self.firstSaturated(in: bytes, exponent: UInt16(0x7F80))
      case .int64, .uint64, .int32, .uint32, .int16, .uint16, .int8, .uint8, .bool: nil
      }
    }
  }

  /// The first number whose exponent is all ones (IEEE 754). It looks at blocks as wholes, which runs at the speed of memory.
  @inline(__always)
  private static func firstSaturated<Bits: FixedWidthInteger>(
    in bytes: UnsafeRawBufferPointer, exponent: Bits
  ) -> Int? {
    let size = MemoryLayout<Bits>.size
    let count = bytes.count / size
    let block = 1024
    for start in stride(from: 0, to: count, by: block) {
      let end = min(start + block, count)
      var found: Bits = 0
      for index in start..<end {
        let bits = bytes.loadUnaligned(fromByteOffset: index &* size, as: Bits.self)
        found |= bits & exponent == exponent ? 1 : 0
      }
      if found != 0 {
        return (start..<end).first {
          bytes.loadUnaligned(fromByteOffset: $0 &* size, as: Bits.self) & exponent == exponent
        }
      }
    }
    return nil
  }
}
