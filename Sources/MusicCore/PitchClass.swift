/// A note name without its octave: 0 for C … 11 for B.
public struct PitchClass: RawRepresentable, Hashable, Comparable, Sendable {
  /// Semitones above C, 0…11.
  public let rawValue: Int

  /// A pitch class, or nil outside 0…11.
  public init?(rawValue: Int) {
    guard 0..<12 ~= rawValue else { return nil }
    self.rawValue = rawValue
  }

  /// The pitch class of any number of semitones above C, or below it if negative.
  public init(semitones: Int) { rawValue = (semitones % 12 + 12) % 12 }

  /// The interval up from `other`, 0…11 semitones.
  public func interval(above other: PitchClass) -> Int { (rawValue - other.rawValue + 12) % 12 }

  /// The pitch class a number of semitones higher, or lower if negative.
  public func transposed(by semitones: Int) -> PitchClass { PitchClass(semitones: rawValue + semitones) }

  public static func < (a: PitchClass, b: PitchClass) -> Bool { a.rawValue < b.rawValue }
}

/// How the black keys are named.
public enum Accidentals: Sendable {
  case sharps, flats
}

/// A pitch class with its spelling: C♯ or D♭, E♯ or F. In text and JSON the accidentals are `#` and `b`.
public struct NoteName: Hashable, Sendable {
  /// The position on the line of fifths: F −1, C 0, G 1. Every seven fifths add a sharp.
  public var fifths: Int

  /// The name at a position on the line of fifths.
  public init(fifths: Int) { self.fifths = fifths }

  /// The name with at most one accidental.
  public init(_ pitchClass: PitchClass, accidentals: Accidentals) {
    let first = accidentals == .sharps ? -1 : -6
    fifths = (7 * pitchClass.rawValue - first) % 12 + first
  }

  /// Parses the name of a note, such as `F#` or `Bb`; nil if it is not valid.
  public init?(_ name: some StringProtocol) {
    guard let letter = name.first, let index = Self.letters.firstIndex(of: letter) else { return nil }
    let signs = name.dropFirst()
    guard signs.allSatisfy({ $0 == "#" }) || signs.allSatisfy({ $0 == "b" }) else { return nil }
    fifths = index - 1 + 7 * (signs.first == "b" ? -signs.count : signs.count)
  }

  /// The pitch class that it names.
  public var pitchClass: PitchClass { PitchClass(semitones: fifths % 12 * 7) }

  /// Letters in the order of fifths, F first.
  private static let letters: [Character] = ["F", "C", "G", "D", "A", "E", "B"]

  package var letter: Character { Self.letters[((fifths + 1) % 7 + 7) % 7] }

  /// The semitones above the C of its octave, accidentals included: −1 for C♭, 12 for B♯.
  package var semitones: Int { NoteName(fifths: fifths - 7 * alteration).pitchClass.rawValue + alteration }

  /// The number of semitones that the accidentals add to the letter.
  public var alteration: Int { fifths >= -1 ? (fifths + 1) / 7 : (fifths - 5) / 7 }
}

extension NoteName: CustomStringConvertible, Codable, CodableByName {
  package static var kind: String { "a note name" }

  public var description: String {
    "\(letter)" + String(repeating: alteration < 0 ? "b" : "#", count: abs(alteration))
  }
}
