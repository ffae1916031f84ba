/// A meter: the time signature and the beats of its pulse.
public struct Meter: Hashable, Sendable {
  /// The upper number, such as 6 of 6/8.
  public var numerator: Int
  /// The lower number, such as 8 of 6/8: a power of two.
  public var denominator: Int

  /// Creates a meter.
  public init(numerator: Int, denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The meter of a time signature.
  public init(_ signature: TimeSignature) {
    self.init(numerator: signature.numerator, denominator: signature.denominator)
  }

  /// A meter of `beats` beats per bar: dotted quarters if compound, otherwise quarters.
  package init(beats: Int, isCompound: Bool) {
    self.init(numerator: isCompound ? 3 * beats : beats, denominator: isCompound ? 8 : 4)
  }

  /// Whether a beat has three written units, as in 6/8, 9/8 and 12/16; 3/8 counts as three beats.
  public var isCompound: Bool { numerator > 3 && numerator.isMultiple(of: 3) }

  /// The number of beats per bar: two in 6/8.
  public var beatsPerBar: Int { isCompound ? numerator / 3 : numerator }

  /// The length of a beat in quarter notes: 1.5 in 6/8.
  public var quartersPerBeat: Double { (isCompound ? 12 : 4) / Double(denominator) }
}

extension Meter: CustomStringConvertible {
  public var description: String { "\(numerator)/\(denominator)" }
}

extension Meter: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let parts = try container.decode(String.self).split(separator: "/").compactMap { Int($0) }
    guard parts.count == 2, parts[0] > 0, parts[1] > 0 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a meter such as 6/8")
    }
    self.init(numerator: parts[0], denominator: parts[1])
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
