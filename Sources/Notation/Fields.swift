internal import MusicCore

extension Meter {
  /// Reads `3/4`; the denominator is a power of two.
  init?(_ text: String) {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let numerator = Int(halves[0]), let denominator = Int(halves[1]),
      (1...32).contains(numerator), (1...64).contains(denominator), denominator.nonzeroBitCount == 1
    else { return nil }
    self.init(numerator: numerator, denominator: denominator)
  }

  /// The meter of a bar of so many ticks, in the longest note value that divides it.
  init(ticks: Int, ticksPerQuarter: Int) {
    let denominator = [4, 8, 16, 32, 64].first { ticks * $0 % (4 * ticksPerQuarter) == 0 } ?? 64
    self.init(numerator: max(1, ticks * denominator / (4 * ticksPerQuarter)), denominator: denominator)
  }

  /// The length of a bar in ticks, or nil if that is not a whole number.
  func length(ticksPerQuarter: Int) -> Int? {
    let (length, rest) = (numerator * 4 * ticksPerQuarter).quotientAndRemainder(dividingBy: denominator)
    return rest == 0 ? length : nil
  }
}

/// A key as its signature spells it: F# major and Gb major differ.
struct WrittenKey: Hashable, Sendable {
  var sharps: Int
  var isMinor: Bool

  static let cMajor = WrittenKey(sharps: 0, isMinor: false)

  private init(sharps: Int, isMinor: Bool) { (self.sharps, self.isMinor) = (sharps, isMinor) }

  /// Reads `Bb major`.
  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[1] == "major" || words[1] == "minor", let letter = words[0].first,
      let fifths = "FCGDAEB".firstIndex(of: letter)
    else { return nil }
    let accidentals = words[0].dropFirst()
    let alteration =
      switch accidentals {
      case "": 0
      case "#": 7
      case "b": -7
      default: 99
      }
    isMinor = words[1] == "minor"
    sharps = "FCGDAEB".distance(from: "FCGDAEB".startIndex, to: fifths) - 1 + alteration - (isMinor ? 3 : 0)
    guard (-7...7).contains(sharps) else { return nil }
  }
}

/// A tempo as written: a note value and its number per minute.
struct TempoMark: Hashable, Sendable {
  /// The note value in quarters: 1.5 for a dotted quarter.
  var quarters: Double
  var beatsPerMinute: Double
  /// The word above the staff, such as Allegro.
  var word: String?

  /// The tempo of a piece that names none.
  static let standard = TempoMark(quarters: 1, beatsPerMinute: 120, word: nil)

  private init(quarters: Double, beatsPerMinute: Double, word: String?) {
    (self.quarters, self.beatsPerMinute, self.word) = (quarters, beatsPerMinute, word)
  }

  /// Reads `4.=80`, the note value as in durations.
  init?(_ text: some StringProtocol, word: String? = nil) {
    let halves = text.split(separator: "=", omittingEmptySubsequences: false)
    guard halves.count == 2, let value = Int(halves[0].prefix { $0 != "." }),
      let quarters = [1: 4, 2: 2, 4: 1, 8: 0.5, 16: 0.25][value],
      let beatsPerMinute = Self.rate(halves[1])
    else { return nil }
    let dots = halves[0].drop { $0 != "." }
    guard dots.isEmpty || dots == "." else { return nil }
    self.quarters = dots.isEmpty ? quarters : quarters * 1.5
    (self.beatsPerMinute, self.word) = (beatsPerMinute, word)
  }

  /// A plausible number of beats per minute, 5…999; digits and one decimal point only.
  static func rate(_ text: some StringProtocol) -> Double? {
    guard text.count <= 7, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let rate = Double(text), (5...999).contains(rate)
    else { return nil }
    return rate
  }

  var quartersPerMinute: Double { quarters * beatsPerMinute }
}
