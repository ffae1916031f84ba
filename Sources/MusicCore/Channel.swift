/// One of the 16 channels of a MIDI port, 0…15; musicians count them from 1.
public struct Channel: RawRepresentable, Hashable, Comparable, Sendable, Codable {
  /// The number in messages, 0…15.
  public let rawValue: UInt8

  /// A channel, or nil if `rawValue` is greater than 15.
  @inlinable
  public init?(rawValue: UInt8) {
    guard rawValue < 16 else { return nil }
    self.rawValue = rawValue
  }

  /// The channel of the low four bits of a status byte.
  @inlinable
  public init(status: UInt8) { rawValue = status & 0x0F }

  /// The drum channel of General MIDI, number 10.
  public static let drums = Channel(status: 9)

  /// The number shown to musicians, 1…16.
  public var number: Int { Int(rawValue) + 1 }

  @inlinable
  public static func < (a: Channel, b: Channel) -> Bool { a.rawValue < b.rawValue }
}
