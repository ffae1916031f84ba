/// A text in a score, as the bytes of the file: encodings vary, and an unknown one must not make a file unreadable.
public struct TextEvent: Hashable, Sendable {
  /// Its time.
  public var tick: Tick
  /// Whether it is a text, a lyric, a marker and so on.
  public var kind: Kind
  /// The text in its original encoding, which is often not stated.
  public var bytes: [UInt8]

  /// The text meta events 1…7 of Standard MIDI Files 1.0, and the two of RP-019.
  public enum Kind: UInt8, Hashable, Sendable {
    case text = 1, copyright, trackName, instrumentName, lyric, marker, cuePoint, programName, deviceName
  }

  /// Creates a text event from bytes in any encoding.
  public init(tick: Tick, kind: Kind, bytes: [UInt8]) {
    self.tick = tick
    self.kind = kind
    self.bytes = bytes
  }

  /// The text, decoded as UTF-8 if valid, otherwise as Latin-1.
  public var string: String {
    String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}
