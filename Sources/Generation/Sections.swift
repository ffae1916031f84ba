internal import MusicCore
package import MusicTokens

/// The sections of a take with a form: their ends, and the restatements of earlier sections.
package struct Sections: Sendable {
  private let form: Form
  /// The ticks at which the take begins and ends.
  private let start: Int
  private let end: Int
  /// The current section.
  private var index = 0
  private var sectionStart: Int
  /// The first section of each letter.
  private var music: [Character: Statement] = [:]
  /// The tokens before the model continues: note-offs of a section, then the beginning of the next.
  private var queue: ArraySlice<Token> = []
  /// Whether the end of the section was moved to the pulse.
  private var isAligned = false

  private struct Statement {
    var tokens: [Token] = []
    /// The level in force before them.
    var level: DynamicLevel?
  }

  /// The share of a section that restates an earlier one; the model generates the rest.
  static let restatedShare = 0.75
  /// The length of a section is a multiple of this number of pulses: a bar of eighths or a half bar of sixteenths.
  private static let pulses: Float = 8
  /// The time before the end of a section at which its pulse is taken, in ticks: 2 s.
  private static let lead = 2 * TokenTime.ticksPerSecond

  /// - Parameters:
  ///   - start: the tick at which the take begins.
  ///   - length: its length in ticks.
  package init(_ form: Form, from start: Int, length: Int) {
    self.form = form
    (self.start, end, sectionStart) = (start, start + length, start)
  }

  /// Sets the end of the first section.
  package func begin(_ grammar: inout Grammar) { grammar.end = nominalEnd }

  private var isLast: Bool { index == form.letters.count - 1 }

  /// The tick at which the section would end if all were equally long.
  private var nominalEnd: Int { start + (end - start) * (index + 1) / form.letters.count }

  /// The next token of a restatement; nil if the model continues.
  mutating func next() -> Token? { queue.popFirst() }

  /// Records a token of the model, and moves the end of the section to the pulse once it is near.
  package mutating func append(_ token: Token, _ grammar: inout Grammar) {
    record(token, grammar.level)
    guard !isLast, !isAligned, nominalEnd - grammar.time < Self.lead else { return }
    isAligned = true
    guard let pulse = grammar.pulses.pulse else { return }
    let bar = pulse.period * Self.pulses
    let bars = (Float(nominalEnd - sectionStart) / bar).rounded()
    let aligned = sectionStart + Int((bars * bar).rounded())
    if aligned > grammar.time, aligned < end { grammar.end = aligned }
  }

  /// Ends a section and begins the next; false if it was the last one.
  mutating func advance(_ grammar: inout Grammar) -> Bool {
    guard !isLast else { return false }
    index += 1
    (sectionStart, isAligned) = (grammar.time, false)
    let releases = grammar.releases
    grammar.end = isLast ? end : nominalEnd
    queue = (releases + restatement(grammar.level, length: (grammar.end ?? end) - grammar.time))[...]
    return true
  }

  /// Records a token of the first section of its letter, while the model generates it.
  private mutating func record(_ token: Token, _ level: Int?) {
    let letter = form.letters[index]
    guard form.letters.firstIndex(of: letter) == index else { return }
    if music[letter] == nil {
      music[letter] = Statement(level: level.flatMap { DynamicLevel(rawValue: UInt8($0)) })
    }
    music[letter]?.tokens.append(token)
  }

  /// The beginning of the earlier section with the letter of this one; empty if there is none.
  private func restatement(_ level: Int?, length: Int) -> [Token] {
    guard let statement = music[form.letters[index]] else { return [] }
    var left = Int(Double(length) * Self.restatedShare)
    var (wanted, current) = (statement.level, level.flatMap { DynamicLevel(rawValue: UInt8($0)) })
    var tokens: [Token] = []
    var sounding = PitchSet()
    var wait = 0
    func pass() {
      // The end of the previous section may be a time shift, which another time shift must not follow.
      if tokens.isEmpty { wait = 0 }
      tokens += Token.shifts(passing: wait)
      wait = 0
    }
    for token in statement.tokens {
      switch token.meaning {
      case .velocityChange(let level): wanted = level
      case .noteOn(let pitch):
        pass()
        // Levels are written where they change.
        if let wanted, wanted != current {
          tokens.append(.velocityChange(wanted))
          current = wanted
        }
        tokens.append(token)
        sounding.insert(pitch)
      case .noteOff(let pitch):
        // A note of the prompt, which does not sound now.
        guard sounding.contains(pitch) else { continue }
        pass()
        tokens.append(token)
        sounding.remove(pitch)
      case .timeShift(let ticks):
        guard ticks < left else { return tokens }
        left -= ticks
        wait += ticks
      }
    }
    return tokens
  }
}
