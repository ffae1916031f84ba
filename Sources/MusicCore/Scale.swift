/// The pitch classes of a key or mode.
public struct Scale: Hashable, Sendable {
  /// The pitch classes that belong to it.
  public let pitchClasses: PitchClassSet

  /// The scale of some pitch classes; an empty set allows no pitch.
  public init(pitchClasses: PitchClassSet) { self.pitchClasses = pitchClasses }

  /// Parses the name of a scale: a note such as `F#` or `Bb`, and `major`, `minor` (natural), `harmonic minor`, or one
  /// of the modes; nil if it is not valid. Case is ignored, except in the accidental `b`.
  public init?(_ name: String) {
    let words = name.split(separator: " ").map(String.init)
    guard let note = words.first, let tonic = Self.tonic(note),
      let steps = Self.steps[words.dropFirst().joined(separator: " ").lowercased()]
    else { return nil }
    pitchClasses = PitchClassSet(steps.map(tonic.transposed(by:)))
  }

  /// The names of the kinds of scale.
  public static var kinds: [String] { steps.keys.sorted() }

  /// A tonic with at most one accidental, in ASCII or as a music symbol.
  private static func tonic(_ name: String) -> PitchClass? {
    let sign = name.dropFirst()
    guard let letter = name.first, ["", "#", "b", "♯", "♭"].contains(sign) else { return nil }
    return NoteName(letter.uppercased() + (sign == "♯" ? "#" : sign == "♭" ? "b" : String(sign)))?.pitchClass
  }

  /// The steps of the major and the natural minor scale, in semitones above the tonic.
  package static let (major, minor) = ([0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10])

  private static let steps: [String: [Int]] = [
    "major": major, "minor": minor, "harmonic minor": [0, 2, 3, 5, 7, 8, 11],
    "dorian": [0, 2, 3, 5, 7, 9, 10], "phrygian": [0, 1, 3, 5, 7, 8, 10], "lydian": [0, 2, 4, 6, 7, 9, 11],
    "mixolydian": [0, 2, 4, 5, 7, 9, 10], "locrian": [0, 1, 3, 5, 6, 8, 10],
  ]
}
