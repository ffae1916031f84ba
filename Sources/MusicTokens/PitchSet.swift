/// A set of MIDI pitches, one bit each.
struct PitchSet {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  @inline(__always)
  var isEmpty: Bool { low | high == 0 }

  @inline(__always)
  func contains(_ pitch: Int) -> Bool { (pitch < 64 ? low >> UInt64(pitch) : high >> UInt64(pitch - 64)) & 1 == 1 }

  @inline(__always)
  mutating func insert(_ pitch: Int) {
    if pitch < 64 { low |= 1 << UInt64(pitch) } else { high |= 1 << UInt64(pitch - 64) }
  }

  @inline(__always)
  mutating func remove(_ pitch: Int) {
    if pitch < 64 { low &= ~(1 << UInt64(pitch)) } else { high &= ~(1 << UInt64(pitch - 64)) }
  }

  /// The lowest pitch, taken out; nil where the set is empty.
  @inline(__always)
  mutating func popFirst() -> Int? {
    if low != 0 {
      let pitch = low.trailingZeroBitCount
      low &= low - 1
      return pitch
    }
    guard high != 0 else { return nil }
    let pitch = high.trailingZeroBitCount
    high &= high - 1
    return 64 + pitch
  }

  static func union(_ a: PitchSet, _ b: PitchSet) -> PitchSet {
    var union = a
    union.low |= b.low
    union.high |= b.high
    return union
  }
}
