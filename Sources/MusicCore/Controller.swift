/// A MIDI controller number, 0…127 (MIDI 1.0 Detailed Specification, table 3).
public struct Controller: DataByte {
  public let rawValue: UInt8

  @inlinable
  public init(masking byte: UInt8) { rawValue = byte & 0x7F }

  @inlinable public static var bankSelect: Controller { Controller(masking: 0) }
  @inlinable public static var modulation: Controller { Controller(masking: 1) }
  @inlinable public static var volume: Controller { Controller(masking: 7) }
  @inlinable public static var pan: Controller { Controller(masking: 10) }
  @inlinable public static var expression: Controller { Controller(masking: 11) }
  /// The damper pedal: down from a value of 64.
  @inlinable public static var sustain: Controller { Controller(masking: 64) }
  /// The middle pedal of a grand piano, which holds only the notes that sound when it goes down.
  @inlinable public static var sostenuto: Controller { Controller(masking: 66) }
  @inlinable public static var soft: Controller { Controller(masking: 67) }
  /// Ends every sound at once, regardless of pedals.
  @inlinable public static var allSoundOff: Controller { Controller(masking: 120) }
  /// Resets controllers, which releases the pedals (MIDI recommended practice RP-015).
  @inlinable public static var resetAll: Controller { Controller(masking: 121) }
  /// Releases every key; notes held by pedals continue.
  @inlinable public static var allNotesOff: Controller { Controller(masking: 123) }

  /// Whether the controller releases every key of its channel: all notes off, and the changes of mode (omni off and
  /// on, mono, poly), which act as all notes off too (MIDI 1.0 Detailed Specification, "Channel Mode Messages").
  @inlinable public var releasesKeys: Bool { rawValue >= 123 }
}
