/// The pitch classes of a key.
public struct Scale: Hashable, Sendable {
  /// Bit n is pitch class n, from C on.
  let pitchClasses: UInt16

  /// The scale of a name: a note such as `F#` or `Bb`, and `major`, `minor` (natural), `harmonic minor`, or one of the
  /// modes; nil where it is none.
  public init?(_ name: String) {
    let words = name.split(separator: " ").map(String.init)
    guard let note = words.first, let tonic = Self.pitchClass(note),
      let steps = Self.steps[words.dropFirst().joined(separator: " ").lowercased()]
    else { return nil }
    pitchClasses = steps.reduce(0) { $0 | 1 << UInt16((tonic + $1) % 12) }
  }

  /// The names of the kinds of scale.
  public static var kinds: [String] { steps.keys.sorted() }

  private static func pitchClass(_ name: String) -> Int? {
    let letters = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11]
    guard let first = name.first, let letter = letters[first.uppercased()] else { return nil }
    switch name.dropFirst() {
    case "": return letter
    case "#", "♯": return (letter + 1) % 12
    case "b", "♭": return (letter + 11) % 12
    default: return nil
    }
  }

  private static let steps: [String: [Int]] = [
    "major": [0, 2, 4, 5, 7, 9, 11], "minor": [0, 2, 3, 5, 7, 8, 10], "harmonic minor": [0, 2, 3, 5, 7, 8, 11],
    "dorian": [0, 2, 3, 5, 7, 9, 10], "phrygian": [0, 1, 3, 5, 7, 8, 10], "lydian": [0, 2, 4, 6, 7, 9, 11],
    "mixolydian": [0, 2, 4, 5, 7, 9, 10], "locrian": [0, 1, 3, 5, 6, 8, 10],
  ]
}
