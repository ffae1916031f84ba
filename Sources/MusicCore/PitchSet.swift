/// A set of MIDI pitches, one bit each.
///
/// Its elements are integers, 0…127, for loops over keys. Operations do not branch on pitches, because such branches
/// are unpredictable.
public struct PitchSet: Hashable, Sendable {
  /// Bit n is pitch n.
  public var bits: UInt128

  /// The set of some bits; bit n is pitch n.
  @inlinable
  public init(bits: UInt128 = 0) { self.bits = bits }

  /// All 128 pitches.
  @inlinable
  public static var all: PitchSet { PitchSet(bits: .max) }

  /// All pitches above one.
  @inlinable
  public static func above(_ pitch: Int) -> PitchSet {
    PitchSet(bits: pitch >= 127 ? 0 : UInt128.max &<< UInt128(truncatingIfNeeded: pitch + 1))
  }

  /// Whether there are none.
  @inlinable
  public var isEmpty: Bool { bits == 0 }

  /// The number of pitches.
  @inlinable
  public var count: Int { bits.nonzeroBitCount }

  /// Whether a pitch is in the set.
  @inlinable
  public func contains(_ pitch: Int) -> Bool { bits & Self.bit(pitch) != 0 }

  /// Adds a pitch.
  @inlinable
  public mutating func insert(_ pitch: Int) { bits |= Self.bit(pitch) }

  /// Removes a pitch.
  @inlinable
  public mutating func remove(_ pitch: Int) { bits &= ~Self.bit(pitch) }

  @inlinable
  static func bit(_ pitch: Int) -> UInt128 { 1 &<< UInt128(truncatingIfNeeded: pitch) }

  /// The lowest pitch; nil if the set is empty.
  @inlinable
  public var lowest: Int? { isEmpty ? nil : bits.trailingZeroBitCount }

  /// The highest pitch; nil if the set is empty.
  @inlinable
  public var highest: Int? { isEmpty ? nil : 127 - bits.leadingZeroBitCount }

  /// Removes and returns the lowest pitch; nil if the set is empty.
  @inlinable
  public mutating func popFirst() -> Int? {
    guard bits != 0 else { return nil }
    let pitch = bits.trailingZeroBitCount
    bits &= bits &- 1
    return pitch
  }
}

extension PitchSet: ExpressibleByArrayLiteral {
  @inlinable
  public init(arrayLiteral pitches: Int...) {
    self.init()
    for pitch in pitches { insert(pitch) }
  }
}

extension PitchSet {
  /// Adds the pitches of another set.
  @inlinable
  public mutating func formUnion(_ other: PitchSet) { bits |= other.bits }

  /// Removes the pitches that are not in another set.
  @inlinable
  public mutating func formIntersection(_ other: PitchSet) { bits &= other.bits }

  /// Removes the pitches of another set.
  @inlinable
  public mutating func subtract(_ other: PitchSet) { bits &= ~other.bits }

  /// The pitches of both sets.
  @inlinable
  public func union(_ other: PitchSet) -> PitchSet { PitchSet(bits: bits | other.bits) }

  /// The pitches that are in both sets.
  @inlinable
  public func intersection(_ other: PitchSet) -> PitchSet { PitchSet(bits: bits & other.bits) }

  /// The pitches that are not in another set.
  @inlinable
  public func subtracting(_ other: PitchSet) -> PitchSet { PitchSet(bits: bits & ~other.bits) }
}

extension PitchSet {
  /// All pitches of some pitch classes.
  public init(_ pitchClasses: some Sequence<PitchClass>) {
    self.init()
    for pitchClass in pitchClasses {
      for pitch in stride(from: pitchClass.rawValue, to: 128, by: 12) { insert(pitch) }
    }
  }

  /// The pitch classes of the pitches.
  public var pitchClasses: PitchClassSet {
    var rest = bits
    var folded: UInt16 = 0
    while rest != 0 {
      folded |= UInt16(truncatingIfNeeded: rest & 0xFFF)
      rest >>= 12
    }
    return PitchClassSet(bits: folded)
  }

  /// Whether a pitch is in the set.
  @inlinable
  public func contains(_ pitch: Pitch) -> Bool { contains(Int(pitch.rawValue)) }

  /// Adds a pitch.
  @inlinable
  public mutating func insert(_ pitch: Pitch) { insert(Int(pitch.rawValue)) }

  /// Removes a pitch.
  @inlinable
  public mutating func remove(_ pitch: Pitch) { remove(Int(pitch.rawValue)) }
}
