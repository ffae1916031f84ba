/// A position or distance in wall-clock time.
public struct Seconds: RawRepresentable, Hashable, Comparable, Sendable, Codable {
  /// The number of seconds.
  public var rawValue: Double

  /// A time of a number of seconds.
  @inlinable
  public init(rawValue: Double) { self.rawValue = rawValue }

  /// The time of `value` seconds.
  @inlinable
  public init(_ value: Double) { rawValue = value }

  /// The start of a piece.
  public static let zero = Seconds(0)

  /// The same time in milliseconds.
  public var milliseconds: Double { rawValue * 1000 }

  @inlinable
  public static func < (a: Seconds, b: Seconds) -> Bool { a.rawValue < b.rawValue }

  @inlinable
  public static func + (a: Seconds, b: Seconds) -> Seconds { Seconds(a.rawValue + b.rawValue) }

  @inlinable
  public static func - (a: Seconds, b: Seconds) -> Seconds { Seconds(a.rawValue - b.rawValue) }
}
