internal import Glibc

/// A MIDI key number, 0…127; 60 is middle C and 69 is the A of 440 Hz.
public struct Pitch: DataByte {
  /// The key number, 0…127.
  public let rawValue: UInt8

  /// The pitch of the lower seven bits of a byte.
  @inlinable
  public init(masking byte: UInt8) { rawValue = byte & 0x7F }

  /// The note name without its octave.
  public var pitchClass: PitchClass { PitchClass(semitones: Int(rawValue)) }

  /// The octave in scientific pitch notation: middle C is in octave 4, MIDI pitch 0 in octave −1.
  public var octave: Int { Int(rawValue) / 12 - 1 }

  /// The octave of the letter of a name of this pitch: B♯ belongs to the octave below the C that it sounds as.
  package func octave(spelled name: NoteName) -> Int {
    let natural = Int(rawValue) - name.alteration
    return natural / 12 - 1 - (natural < 0 ? 1 : 0)
  }

  /// The frequency in hertz in twelve-tone equal temperament with A4 = 440 Hz.
  public var frequency: Double { 440 * exp2((Double(rawValue) - 69) / 12) }

  /// The pitch `semitones` higher, or nil where that is outside 0…127.
  public func transposed(by semitones: Int) -> Pitch? {
    UInt8(exactly: Int(rawValue) + semitones).flatMap(Pitch.init(rawValue:))
  }
}

extension Pitch: CustomStringConvertible {
  /// The name with sharps and the octave, such as `C#4`.
  public var description: String {
    "\(NoteName(pitchClass, accidentals: .sharps))\(octave)"
  }
}
