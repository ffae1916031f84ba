/// A sound of an instrument, 0…127; General MIDI names them, and 0 is the acoustic grand piano.
public struct Program: DataByte {
  /// The number in messages, 0…127.
  public let rawValue: UInt8

  /// The program of the lower seven bits of a byte.
  @inlinable
  public init(masking byte: UInt8) { rawValue = byte & 0x7F }
}
