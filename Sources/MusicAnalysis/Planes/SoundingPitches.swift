public import MusicCore

/// A set of MIDI pitches and of their pitch classes.
public struct SoundingPitches: Hashable, Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init() {}

  public var isEmpty: Bool { low | high == 0 }
  public var count: Int { low.nonzeroBitCount + high.nonzeroBitCount }

  public var lowest: Pitch? {
    if low != 0 { return Pitch(clamping: UInt8(low.trailingZeroBitCount)) }
    return high == 0 ? nil : Pitch(clamping: UInt8(64 + high.trailingZeroBitCount))
  }

  public var highest: Pitch? {
    if high != 0 { return Pitch(clamping: UInt8(127 - high.leadingZeroBitCount)) }
    return low == 0 ? nil : Pitch(clamping: UInt8(63 - low.leadingZeroBitCount))
  }

  public func contains(_ pitch: Pitch) -> Bool {
    let bit = UInt64(pitch.rawValue)
    return (bit < 64 ? low >> bit : high >> (bit - 64)) & 1 == 1
  }

  /// The set of pitch classes, bit 0 for C … bit 11 for B.
  public var pitchClasses: UInt16 {
    // Bit 64 is pitch class 4, so the upper half is folded from there.
    Self.folded(low) | Self.rotated(Self.folded(high), by: 4)
  }

  private static func folded(_ bits: UInt64) -> UInt16 {
    let all = bits | bits >> 12 | bits >> 24 | bits >> 36 | bits >> 48 | bits >> 60
    return UInt16(truncatingIfNeeded: all & 0xFFF)
  }

  static func rotated(_ set: UInt16, by steps: Int) -> UInt16 {
    (set << UInt16(steps) | set >> UInt16(12 - steps)) & 0xFFF
  }

  mutating func insert(_ pitch: Pitch) {
    let bit = UInt64(pitch.rawValue)
    if bit < 64 { low |= 1 << bit } else { high |= 1 << (bit - 64) }
  }

  mutating func remove(_ pitch: Pitch) {
    let bit = UInt64(pitch.rawValue)
    if bit < 64 { low &= ~(1 << bit) } else { high &= ~(1 << (bit - 64)) }
  }
}
