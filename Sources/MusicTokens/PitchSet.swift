/// A set of MIDI pitches, one bit each.
///
/// Nothing here branches on a pitch: music is what a processor cannot predict.
struct PitchSet {
  private var bits: UInt128 = 0

  @inline(__always)
  var isEmpty: Bool { bits == 0 }

  @inline(__always)
  func contains(_ pitch: Int) -> Bool { bits & Self.bit(pitch) != 0 }

  @inline(__always)
  mutating func insert(_ pitch: Int) { bits |= Self.bit(pitch) }

  @inline(__always)
  mutating func remove(_ pitch: Int) { bits &= ~Self.bit(pitch) }

  @inline(__always)
  mutating func formUnion(_ other: PitchSet) { bits |= other.bits }

  @inline(__always)
  private static func bit(_ pitch: Int) -> UInt128 { 1 &<< UInt128(truncatingIfNeeded: pitch) }

  /// The lowest pitch, taken out; nil where the set is empty.
  @inline(__always)
  mutating func popFirst() -> Int? {
    guard bits != 0 else { return nil }
    let pitch = bits.trailingZeroBitCount
    bits &= bits &- 1
    return pitch
  }
}
