/// A position or distance in the time unit of a score, which its `Division` defines.
public struct Tick: RawRepresentable, Hashable, Comparable, Sendable, Codable {
  /// The number of units.
  public var rawValue: Int64

  /// A time of a number of units.
  @inlinable
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// The start of a score.
  public static let zero = Tick(rawValue: 0)

  @inlinable
  public static func < (a: Tick, b: Tick) -> Bool { a.rawValue < b.rawValue }

  @inlinable
  public static func + (a: Tick, b: Tick) -> Tick { Tick(rawValue: a.rawValue + b.rawValue) }

  @inlinable
  public static func - (a: Tick, b: Tick) -> Tick { Tick(rawValue: a.rawValue - b.rawValue) }
}

extension Tick: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int64) { rawValue = value }
}
