/// A time signature at a tick.
public struct TimeSignature: Hashable, Sendable {
  /// Where it begins to apply.
  public var tick: Tick
  /// Beats in a bar as written, 1…255.
  public var numerator: Int
  /// The note value of a written beat: 4 is a quarter note. A power of two.
  public var denominator: Int

  /// Creates a time signature.
  public init(tick: Tick, numerator: Int, denominator: Int) {
    self.tick = tick
    self.numerator = numerator
    self.denominator = denominator
  }
}

extension TimeSignature: CustomStringConvertible {
  public var description: String { "\(numerator)/\(denominator)" }
}
