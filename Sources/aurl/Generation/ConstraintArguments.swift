import ArgumentParser
import Generation
import MusicCore
import MusicTokens

/// The constraints on the notes of a take.
struct ConstraintArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only pitches of this key: a note, and major, minor, harmonic minor or a mode, such as \"D minor\".",
      valueName: "key"),
    completion: .keys())
  var key: String?

  @Option(help: ArgumentHelp("Only pitches of this range, such as C3-C6 or 48-84.", valueName: "low-high"))
  var range: PitchRange?

  @Option(help: "The maximum number of notes that sound at once.")
  var maxPolyphony: Int?

  @Option(help: .time("The maximum duration of a note."), transform: parseTime)
  var longestNote = 8.0

  func validate() throws {
    if let key, Scale(key) == nil {
      throw ValidationError(
        "--key \"\(key)\": name a note such as F# or Bb and one of \(Scale.kinds.joined(separator: ", ")).")
    }
    if let maxPolyphony, maxPolyphony < 1 {
      throw ValidationError("--max-polyphony takes a number from 1, not \(maxPolyphony).")
    }
    guard (1 / 64...36_000).contains(longestNote) else {
      throw ValidationError("--longest-note takes 1/64 to 36000 seconds, not \(longestNote).")
    }
    if made == nil { throw ValidationError("--key and --range leave no pitch.") }
  }

  private var made: Constraints? {
    Constraints(
      scale: key.flatMap(Scale.init), range: range?.pitches, maximumPolyphony: maxPolyphony,
      longestNote: TokenTime(atMost: Seconds(longestNote)))
  }

  var constraints: Constraints { made ?? .none }
}

/// A lowest and a highest pitch, as names or MIDI numbers.
struct PitchRange: ExpressibleByArgument {
  var pitches: ClosedRange<Pitch>

  init?(argument: String) {
    // The name of octave −1 contains a minus.
    for index in argument.indices where argument[index] == "-" {
      let (low, high) = (argument[..<index], argument[argument.index(after: index)...])
      guard let low = Self.pitch(low), let high = Self.pitch(high) else { continue }
      guard low <= high else { return nil }
      pitches = low...high
      return
    }
    return nil
  }

  private static func pitch(_ text: Substring) -> Pitch? {
    if let number = UInt8(text) { return Pitch(rawValue: number) }
    let spelling = text.prefix { !$0.isNumber && $0 != "-" }
    guard let octave = Int(text.dropFirst(spelling.count)), (-1...9).contains(octave),
      let name = NoteName(spelling.prefix(1).uppercased() + spelling.dropFirst()), abs(name.alteration) <= 1
    else { return nil }
    return UInt8(exactly: (octave + 1) * 12 + name.semitones).flatMap(Pitch.init(rawValue:))
  }
}

extension PitchRange: CustomStringConvertible {
  var description: String { "\(pitches.lowerBound.rawValue)-\(pitches.upperBound.rawValue)" }
}
