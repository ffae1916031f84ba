/// How hard a key is struck, 0…127. A note has 1…127: a MIDI note-on with velocity 0 is a note-off.
public struct Velocity: DataByte {
  /// The velocity in messages, 0…127.
  public let rawValue: UInt8

  /// The velocity of the lower seven bits of a byte.
  @inlinable
  public init(masking byte: UInt8) { rawValue = byte & 0x7F }
}
