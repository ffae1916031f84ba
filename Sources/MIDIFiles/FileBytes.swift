/// The bytes of a file being read; access is bounds-checked by the callers' limits, which never exceed `count`.
struct FileBytes {
  let base: UnsafePointer<UInt8>
  let count: Int

  init(_ buffer: UnsafeBufferPointer<UInt8>) {
    // An empty buffer may have no address; this placeholder is never read.
    base = buffer.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
    count = buffer.count
  }

  @inline(__always)
  subscript(offset: Int) -> UInt8 { base[offset] }

  /// Whether the ASCII text is at an offset.
  func has(_ text: StaticString, at offset: Int) -> Bool {
    guard offset >= 0, offset + text.utf8CodeUnitCount <= count else { return false }
    for index in 0..<text.utf8CodeUnitCount where base[offset + index] != text.utf8Start[index] { return false }
    return true
  }

  /// The first offset of a four-byte chunk name at or after `start`, or nil.
  func firstOffset(of name: StaticString, from start: Int, to end: Int? = nil) -> Int? {
    let first = name.utf8Start[0]
    var offset = start
    let end = (end ?? count) - 4
    while offset <= end {
      if base[offset] == first, has(name, at: offset) { return offset }
      offset += 1
    }
    return nil
  }

  /// A 16-bit big-endian integer.
  func uint16(at offset: Int) -> UInt16 { UInt16(base[offset]) << 8 | UInt16(base[offset + 1]) }

  /// A 32-bit big-endian integer.
  func uint32(at offset: Int) -> Int { Int(uint16(at: offset)) << 16 | Int(uint16(at: offset + 2)) }

  /// A 32-bit little-endian integer, as in RIFF.
  func littleEndianUInt32(at offset: Int) -> Int { (0..<4).reduce(0) { $0 | Int(base[offset + $1]) << (8 * $1) } }

  /// Whether an end-of-track event ends at an offset.
  func hasEndOfTrack(before offset: Int) -> Bool {
    offset >= 3 && base[offset - 3] == 0xFF && base[offset - 2] == 0x2F && base[offset - 1] == 0
  }

  func array(_ range: Range<Int>) -> [UInt8] {
    [UInt8](UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }
}
