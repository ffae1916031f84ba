/// A sound of an instrument, 0…127; General MIDI names them, and 0 is the acoustic grand piano.
public struct Program: RawRepresentable, Hashable, Comparable, Sendable, Codable {
  public let rawValue: UInt8

  /// A program, or nil where `rawValue` is over 127.
  @inlinable
  public init?(rawValue: UInt8) {
    guard rawValue < 128 else { return nil }
    self.rawValue = rawValue
  }

  /// The program of the low seven bits of `byte`.
  @inlinable
  public init(clamping byte: UInt8) { rawValue = byte & 0x7F }

  @inlinable
  public static func < (a: Program, b: Program) -> Bool { a.rawValue < b.rawValue }
}
