/// A MIDI controller number, 0…127 (MIDI 1.0 Detailed Specification, table 3).
public struct Controller: DataByte {
  /// The number, 0…127.
  public let rawValue: UInt8

  /// The controller of the lower seven bits of a byte.
  @inlinable
  public init(masking byte: UInt8) { rawValue = byte & 0x7F }

  /// The upper half of the bank number.
  @inlinable public static var bankSelect: Controller { Controller(masking: 0) }
  /// Modulation wheel.
  @inlinable public static var modulation: Controller { Controller(masking: 1) }
  /// Volume of the channel.
  @inlinable public static var volume: Controller { Controller(masking: 7) }
  /// Position in the stereo field.
  @inlinable public static var pan: Controller { Controller(masking: 10) }
  /// Expression: the volume relative to that of the channel.
  @inlinable public static var expression: Controller { Controller(masking: 11) }
  /// The damper pedal: down from a value of 64.
  @inlinable public static var sustain: Controller { Controller(masking: 64) }
  /// The middle pedal of a grand piano, which holds only the notes that sound when it goes down.
  @inlinable public static var sostenuto: Controller { Controller(masking: 66) }
  /// Soft pedal.
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
