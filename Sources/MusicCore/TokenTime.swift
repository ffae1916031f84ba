/// A position or distance in the time of token streams, in ticks of 1/64 s.
public struct TokenTime: RawRepresentable, Hashable, Comparable, Sendable {
  /// Ticks of 1/64 s.
  public var rawValue: Int

  /// The resolution of token time: a tick is 1/64 s.
  public static let ticksPerSecond = 64

  /// A time of a number of ticks.
  @inlinable
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The tick nearest to a time; at a tie the one farther from 0.
  ///
  /// - Precondition: The time is finite, and its ticks fit into `Int`.
  public init(_ time: Seconds) { rawValue = Int((time.rawValue * Double(Self.ticksPerSecond)).rounded()) }

  /// The last tick that is not after a time (rounded down), for maximum durations.
  ///
  /// - Precondition: The time is finite, and its ticks fit into `Int`.
  public init(atMost time: Seconds) {
    rawValue = Int((time.rawValue * Double(Self.ticksPerSecond)).rounded(.down))
  }

  /// The time in seconds.
  public var seconds: Seconds { Seconds(Double(rawValue) / Double(Self.ticksPerSecond)) }

  /// The start of a stream.
  public static let zero = TokenTime(rawValue: 0)

  @inlinable
  public static func < (a: TokenTime, b: TokenTime) -> Bool { a.rawValue < b.rawValue }

  @inlinable
  public static func + (a: TokenTime, b: TokenTime) -> TokenTime { TokenTime(rawValue: a.rawValue + b.rawValue) }

  @inlinable
  public static func - (a: TokenTime, b: TokenTime) -> TokenTime { TokenTime(rawValue: a.rawValue - b.rawValue) }
}

extension TokenTime: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { rawValue = value }
}
