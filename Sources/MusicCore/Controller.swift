/// A MIDI controller number, 0…127 (MIDI 1.0 Detailed Specification, table 3).
public struct Controller: RawRepresentable, Hashable, Sendable, Codable {
  public let rawValue: UInt8

  /// A controller, or nil where `rawValue` is over 127.
  @inlinable
  public init?(rawValue: UInt8) {
    guard rawValue < 128 else { return nil }
    self.rawValue = rawValue
  }

  /// The controller of the low seven bits of `byte`.
  @inlinable
  public init(clamping byte: UInt8) { rawValue = byte & 0x7F }

  public static let bankSelect = Controller(clamping: 0)
  public static let modulation = Controller(clamping: 1)
  public static let volume = Controller(clamping: 7)
  public static let pan = Controller(clamping: 10)
  public static let expression = Controller(clamping: 11)
  /// The damper pedal: down from 64 up.
  public static let sustain = Controller(clamping: 64)
  /// The middle pedal of a grand piano, which holds only the notes that sound when it goes down.
  public static let sostenuto = Controller(clamping: 66)
  public static let soft = Controller(clamping: 67)
  /// Ends every sound at once, whatever the pedals do.
  public static let allSoundOff = Controller(clamping: 120)
  /// Lifts the pedals, among other things (MIDI recommended practice RP-015).
  public static let resetAll = Controller(clamping: 121)
  /// Releases every key; pedals go on holding.
  public static let allNotesOff = Controller(clamping: 123)
}
