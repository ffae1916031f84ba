/// A MIDI data byte: a seven-bit number, 0…127.
public protocol DataByte: RawRepresentable, Hashable, Comparable, Sendable, Codable where RawValue == UInt8 {
  /// The number of the low seven bits of `byte`; the highest bit is masked out.
  init(masking byte: UInt8)
}

extension DataByte {
  /// The number, or nil if `rawValue` is greater than 127.
  @inlinable
  public init?(rawValue: UInt8) {
    guard rawValue < 128 else { return nil }
    self.init(masking: rawValue)
  }

  @inlinable
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
