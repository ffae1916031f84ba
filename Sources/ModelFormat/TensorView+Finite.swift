extension TensorView {
  /// The index of the first floating-point number that is not finite; nil if all are, and for integers. O(n).
  var firstNonFinite: Int? {
    withUnsafeBytes { bytes in
      switch type {
      case .float64: firstSaturated(in: bytes, exponent: 0x7FF0_0000_0000_0000 as UInt64)
      case .float32: firstSaturated(in: bytes, exponent: 0x7F80_0000 as UInt32)
      case .float16: firstSaturated(in: bytes, exponent: 0x7C00 as UInt16)
      case .bfloat16: firstSaturated(in: bytes, exponent: 0x7F80 as UInt16)
      case .int64, .uint64, .int32, .uint32, .int16, .uint16, .int8, .uint8, .bool: nil
      }
    }
  }
}

/// The first number whose exponent is all ones (IEEE 754).
///
/// Only such an exponent carries into the sign bit when one is added to it. A block is thus tested by a vectorizable
/// loop of three operations, and only a block with a hit is searched number by number.
@inline(__always)
private func firstSaturated<Bits: FixedWidthInteger & UnsignedInteger>(
  in bytes: UnsafeRawBufferPointer, exponent: Bits
) -> Int? {
  guard let start = bytes.baseAddress else { return nil }
  let size = MemoryLayout<Bits>.size
  let one = exponent & (~exponent &+ 1)
  let count = bytes.count / size
  let block = 1024
  for first in stride(from: 0, to: count, by: block) {
    let numbers = start + first &* size
    let length = min(block, count &- first)
    var carries: Bits = 0
    for index in 0..<length {
      carries |= (numbers.loadUnaligned(fromByteOffset: index &* size, as: Bits.self) & exponent) &+ one
    }
    guard carries.leadingZeroBitCount == 0 else { continue }
    return (first..<first + length).first {
      start.loadUnaligned(fromByteOffset: $0 &* size, as: Bits.self) & exponent == exponent
    }
  }
  return nil
}
