/// A set of pitch classes, one bit each.
public struct PitchClassSet: Hashable, Sendable {
  /// Bit n is pitch class n, from C on; twelve bits.
  public private(set) var bits: UInt16

  /// - Parameter bits: Bit n is pitch class n; bits from 12 up are ignored.
  public init(bits: UInt16 = 0) { self.bits = bits & 0xFFF }

  /// The set of some pitch classes.
  public init(_ pitchClasses: some Sequence<PitchClass>) {
    self.init()
    for pitchClass in pitchClasses { insert(pitchClass) }
  }

  /// Whether there are none.
  public var isEmpty: Bool { bits == 0 }

  /// The number of pitch classes.
  public var count: Int { bits.nonzeroBitCount }

  /// Whether a pitch class is in the set.
  public func contains(_ pitchClass: PitchClass) -> Bool { bits >> UInt16(pitchClass.rawValue) & 1 == 1 }

  /// Adds a pitch class.
  public mutating func insert(_ pitchClass: PitchClass) { bits |= 1 << UInt16(pitchClass.rawValue) }

  /// The pitch classes that are in both sets.
  public func intersection(_ other: PitchClassSet) -> PitchClassSet { PitchClassSet(bits: bits & other.bits) }

  /// The set transposed up by a number of semitones.
  ///
  /// - Precondition: 0…12 semitones.
  public func transposed(by semitones: Int) -> PitchClassSet {
    PitchClassSet(bits: bits << UInt16(semitones) | bits >> UInt16(12 - semitones))
  }
}
