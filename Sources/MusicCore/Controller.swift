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

  @inlinable public static var bankSelect: Controller { Controller(clamping: 0) }
  @inlinable public static var modulation: Controller { Controller(clamping: 1) }
  @inlinable public static var volume: Controller { Controller(clamping: 7) }
  @inlinable public static var pan: Controller { Controller(clamping: 10) }
  @inlinable public static var expression: Controller { Controller(clamping: 11) }
  /// The damper pedal: down from 64 up.
  @inlinable public static var sustain: Controller { Controller(clamping: 64) }
  /// The middle pedal of a grand piano, which holds only the notes that sound when it goes down.
  @inlinable public static var sostenuto: Controller { Controller(clamping: 66) }
  @inlinable public static var soft: Controller { Controller(clamping: 67) }
  /// Ends every sound at once, whatever the pedals do.
  @inlinable public static var allSoundOff: Controller { Controller(clamping: 120) }
  /// Lifts the pedals, among other things (MIDI recommended practice RP-015).
  @inlinable public static var resetAll: Controller { Controller(clamping: 121) }
  /// Releases every key; pedals go on holding.
  @inlinable public static var allNotesOff: Controller { Controller(clamping: 123) }
}
