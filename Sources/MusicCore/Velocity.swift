/// How hard a key is struck, 0…127. A note has 1…127: a MIDI note-on with velocity 0 is a note-off.
public struct Velocity: RawRepresentable, Hashable, Comparable, Sendable, Codable {
  public let rawValue: UInt8

  /// A velocity, or nil where `rawValue` is over 127.
  @inlinable
  public init?(rawValue: UInt8) {
    guard rawValue < 128 else { return nil }
    self.rawValue = rawValue
  }

  /// The velocity of the low seven bits of `byte`.
  @inlinable
  public init(clamping byte: UInt8) { rawValue = byte & 0x7F }

  @inlinable
  public static func < (a: Velocity, b: Velocity) -> Bool { a.rawValue < b.rawValue }
}
