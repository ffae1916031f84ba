internal import Glibc

/// A MIDI key number, 0…127; 60 is middle C and 69 is the A of 440 Hz.
public struct Pitch: RawRepresentable, Hashable, Comparable, Sendable, Codable {
  public let rawValue: UInt8

  /// A pitch, or nil where `rawValue` is over 127.
  @inlinable
  public init?(rawValue: UInt8) {
    guard rawValue < 128 else { return nil }
    self.rawValue = rawValue
  }

  /// The pitch of the low seven bits of `byte`.
  @inlinable
  public init(clamping byte: UInt8) { rawValue = byte & 0x7F }

  @inlinable
  public static func < (a: Pitch, b: Pitch) -> Bool { a.rawValue < b.rawValue }

  /// 0 for C … 11 for B.
  public var pitchClass: Int { Int(rawValue) % 12 }

  /// The octave in scientific pitch notation: middle C is in octave 4, MIDI pitch 0 in octave −1.
  public var octave: Int { Int(rawValue) / 12 - 1 }

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
    let names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
    return "\(names[pitchClass])\(octave)"
  }
}
