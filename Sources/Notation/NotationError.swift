/// An error in a source, and where it is.
package struct NotationError: Error, Hashable, Sendable {
  /// Counted from 1.
  package var line: Int
  /// Counted from 1, in characters.
  package var column: Int
  package var reason: Reason

  /// What is wrong.
  package enum Reason: Hashable, Sendable {
    case notText
    /// A line that is neither `label: …` nor the continuation of one.
    case noLabel
    case unknownLabel(String)
    /// A field with an invalid value, and the expected format.
    case badValue(field: String, value: String, expected: String)
    /// A field in a place where it is not allowed.
    case misplaced(field: String, rule: String)
    case duplicate(String)
    case missing(String)
    /// A character that the grammar does not allow here.
    case unexpected(String, expected: String)
    case unknownMark(String)
    case unknownDrum(String)
    /// The first note of a voice in a line has no octave.
    case needsOctave
    /// The first note or rest of a voice in a line has no duration.
    case needsDuration
    case pitchOutOfRange(String)
    case badDuration(String)
    /// A duration that is not a whole number of ticks.
    case notWholeTicks(ticksPerQuarter: Int)
    case barLength(BarLength)
    case unevenParts(part: String, bars: Int, expected: Int)
    case tieWithoutEnd(part: String, bar: Int)
    case unbalancedSlur
    /// Nesting, repetition or length beyond the limits.
    case tooMuch(String)
    case nothingToRepeat
    /// A ritardando that would get faster, or an accelerando that would get slower.
    case wrongDirection(String)
  }

  /// A bar whose notes do not fill its meter.
  package struct BarLength: Hashable, Sendable {
    package var part: String
    /// Counted from 1 in the section as written.
    package var bar: Int
    /// Lengths in ticks.
    package var found: Int
    package var expected: Int
    /// The note value that the meter counts in, in ticks.
    package var beat: Int
  }
}

extension NotationError: CustomStringConvertible {
  package var description: String { "line \(line), column \(column): \(reason)" }
}

extension NotationError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notText: "the file is not UTF-8 text"
    case .noLabel: "a line starts with a label and a colon, or with a space where it continues the one above"
    case .unknownLabel(let label): "there is no field or part called '\(label)'"
    case .badValue(let field, let value, let expected): "\(field) '\(value)' should be \(expected)"
    case .misplaced(let field, let rule): "'\(field)' \(rule)"
    case .duplicate(let name): "'\(name)' is there already"
    case .missing(let what): "there is no \(what)"
    case .unexpected(let found, let expected): "found \(found) where \(expected) should be"
    case .unknownMark(let mark): "there is no mark '!\(mark)'"
    case .unknownDrum(let name): "there is no drum called '\(name)'"
    case .needsOctave: "the first note of a voice in a line needs its octave, as in c4"
    case .needsDuration: "the first note or rest of a voice in a line needs its duration, as in c4/8"
    case .pitchOutOfRange(let note): "\(note) is outside the MIDI range, c-1 to g9"
    case .badDuration(let value): "'\(value)' is not a duration: write 1, 2, 4 … 128 and up to three dots"
    case .notWholeTicks(let ticks):
      "this duration is not a whole number of ticks at \(ticks) per quarter; choose another ppq"
    case .barLength(let bar): bar.description
    case .unevenParts(let part, let bars, let expected):
      "the section has \(expected) bars, but part '\(part)' has \(bars)"
    case .tieWithoutEnd(let part, let bar): "the tie in bar \(bar) of '\(part)' leads to no note of its pitch"
    case .unbalancedSlur: "slurs open with ( before a note and close with ) after one, in the same section"
    case .tooMuch(let what): "too much \(what)"
    case .nothingToRepeat: "% repeats the previous bar, but there is none"
    case .wrongDirection(let word):
      "\(word) goes the other way: its tempo is on the wrong side of the current one"
    }
  }
}

extension NotationError.BarLength: CustomStringConvertible {
  package var description: String {
    let difference = abs(expected - found)
    let verdict = found < expected ? "missing" : "too many"
    return
      "bar \(bar) of '\(part)' has \(beats(found)) of \(beats(expected)) beats: \(beats(difference)) \(verdict)"
  }

  private func beats(_ ticks: Int) -> String {
    let (whole, rest) = ticks.quotientAndRemainder(dividingBy: beat)
    guard rest != 0 else { return "\(whole)" }
    var (a, b) = (beat, rest)
    while b != 0 { (a, b) = (b, a % b) }
    let fraction = "\(rest / a)/\(beat / a)"
    return whole == 0 ? fraction : "\(whole) \(fraction)"
  }
}
