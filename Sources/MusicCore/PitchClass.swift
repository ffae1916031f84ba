/// A note name without its octave: 0 for C … 11 for B.
public struct PitchClass: RawRepresentable, Hashable, Comparable, Sendable {
  public let rawValue: Int

  /// A pitch class, or nil outside 0…11.
  public init?(rawValue: Int) {
    guard 0..<12 ~= rawValue else { return nil }
    self.rawValue = rawValue
  }

  /// The pitch class of any number of semitones above C, below it where negative.
  public init(semitones: Int) { rawValue = (semitones % 12 + 12) % 12 }

  /// The interval up from `other`, 0…11 semitones.
  public func interval(above other: PitchClass) -> Int { (rawValue - other.rawValue + 12) % 12 }

  public func transposed(by semitones: Int) -> PitchClass { PitchClass(semitones: rawValue + semitones) }

  public static func < (a: PitchClass, b: PitchClass) -> Bool { a.rawValue < b.rawValue }
}

/// How the black keys are named.
public enum Accidentals: Sendable {
  case sharps, flats
}

/// A pitch class as it is written in its context: C♯ or D♭. In text and JSON the signs are `#` and `b`.
public struct NoteName: Hashable, Sendable {
  public var pitchClass: PitchClass
  public var accidentals: Accidentals

  public init(_ pitchClass: PitchClass, accidentals: Accidentals) {
    self.pitchClass = pitchClass
    self.accidentals = accidentals
  }

  /// A note from its name, such as `F#` or `Bb`; nil where it is none.
  public init?(_ name: some StringProtocol) {
    let steps: [Character: Int] = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11]
    guard let letter = name.first, let step = steps[letter] else { return nil }
    let signs = name.dropFirst()
    guard signs.allSatisfy({ $0 == "#" }) || signs.allSatisfy({ $0 == "b" }) else { return nil }
    let isFlat = signs.first == "b"
    pitchClass = PitchClass(semitones: step + (isFlat ? -signs.count : signs.count))
    accidentals = isFlat ? .flats : .sharps
  }
}

extension NoteName: CustomStringConvertible, Codable {
  public var description: String {
    let names =
      accidentals == .flats
      ? ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"]
      : ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
    return names[pitchClass.rawValue]
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let name = NoteName(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a note name")
    }
    self = name
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
