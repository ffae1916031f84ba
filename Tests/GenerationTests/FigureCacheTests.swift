import Generation
import Glibc
import MusicTokens
import Testing

/// Continuing figures as they continued before (`SamplingOptions.recurrence`).
@Suite struct FigureCacheTests {
  /// The state after a sequence of chords of `ticks` each, with the notes of each chord from low to high.
  private func grammar(after chords: [[Int]], ticks: Int = 16) throws -> Grammar {
    var grammar = Grammar()
    grammar.apply(try #require(Token(rawValue: 770)))
    for chord in chords {
      for pitch in chord { grammar.apply(try #require(Token(rawValue: UInt16(pitch)))) }
      grammar.apply(.timeShift(ticks))
      for pitch in chord { grammar.apply(try #require(Token(rawValue: UInt16(128 + pitch)))) }
    }
    return grammar
  }

  /// The probabilities of the pitches relative to all pitches, for a model that gives all the same probability, except
  /// for some that are impossible.
  private func shares(_ grammar: Grammar, _ recurrence: Float, impossible: Set<Int> = []) -> [Float] {
    var logits = (0..<775).map { impossible.contains($0) ? -Float.infinity : 0 }
    logits.withUnsafeMutableBufferPointer { grammar.biasPitches($0, SamplingOptions(recurrence: recurrence)) }
    let mass = logits[..<128].reduce(0) { $0 + expf($1) }
    #expect(abs(mass / Float(128 - impossible.count) - 1) < 1e-4)
    #expect(logits[128...].allSatisfy { $0 == 0 })
    return logits[..<128].map { expf($0) / mass }
  }

  /// A tune in which no figure of three intervals occurs twice.
  private static let tune = [60, 62, 64, 67, 65, 69, 72, 71, 67, 64, 60]
  private static let other = [48, 55, 49, 58, 50, 61, 51, 63, 52, 66, 53]

  private func line(_ pitches: some Sequence<Int>) -> [[Int]] { pitches.map { [$0] } }

  @Test(arguments: [-5, 0, 5]) func aFigureGoesOnAsBefore(transposition: Int) throws {
    let again = Self.tune.prefix(5).map { $0 + transposition }
    let grammar = try grammar(after: line(Self.tune + Self.other + again))
    let prediction = try #require(grammar.figures.prediction(at: grammar.time))
    #expect((prediction.length, prediction.statements) == (4, 1))
    let next = Self.tune[5] + transposition
    #expect(prediction.shares[next] == 1)
    #expect(grammar.melody.figures.prediction(at: grammar.time)?.shares[next] == 1)
    // First the bias from the figure of all notes, then that from the melody, which affects only pitches from four
    // semitones below its last note.
    let first = 0.5 + 0.5 / Float(128)
    let melody = 0.5 + 0.5 * Float(128 - (Self.tune[4] + transposition - 4)) / 128
    #expect(abs(shares(grammar, 0.5)[next] - (0.5 * first + 0.5 * melody)) < 1e-4)
    #expect(shares(grammar, 0) == Array(repeating: Float(1) / 128, count: 128))
  }

  @Test func aStatementAtItsOwnPitchCountsFourTimes() throws {
    let away = Self.tune.map { $0 + 5 }
    // The transposed statement continues differently.
    let changed = away.prefix(5) + [away[5] + 1] + away.dropFirst(6)
    let grammar = try grammar(after: line(Self.tune + changed + Self.other + Self.tune.prefix(5)))
    let prediction = try #require(grammar.figures.prediction(at: grammar.time))
    #expect(prediction.statements == 2)
    #expect(abs(prediction.shares[Self.tune[5]] - 0.8) < 1e-6)
    #expect(abs(prediction.shares[Self.tune[5] + 1] - 0.2) < 1e-6)
  }

  @Test func twoIntervalsAreNoFigure() throws {
    let grammar = try grammar(after: line(Self.tune + Self.other + Self.tune.prefix(3)))
    #expect(grammar.figures.prediction(at: grammar.time) == nil)
  }

  @Test func whatWasPlayedThisMomentIsNoStatement() throws {
    let grammar = try grammar(after: line(Self.tune + Self.tune.prefix(5)), ticks: 8)
    // The first statement is only six notes of 1/8 s old.
    #expect(grammar.figures.prediction(at: grammar.time) == nil)
    #expect(grammar.figures.prediction(at: grammar.time + 64) != nil)
  }

  @Test func chordsAreNoLines() throws {
    let grammar = try grammar(after: [[60, 62, 64, 67, 72]] + line(Self.other + [60, 62, 64, 67]))
    #expect(grammar.figures.prediction(at: grammar.time) == nil)
  }

  @Test func whatMayNotComeStaysImpossible() throws {
    let grammar = try grammar(after: line(Self.tune + Self.other + Self.tune.prefix(5)))
    let next = Self.tune[5]
    let shares = shares(grammar, 0.9, impossible: [next])
    #expect(shares[next] == 0)
    #expect(shares.max() == shares.filter { $0 > 0 }.min())
  }

  @Test func aFigureStatedOftenIsAvoided() throws {
    // Statements of ten notes, so that figures of eight intervals recur.
    let loop = Array(Self.tune.prefix(10))
    let statements = (0..<6).flatMap { _ in loop }
    let grammar = try grammar(after: line(statements))
    let prediction = try #require(grammar.figures.prediction(at: grammar.time))
    #expect((prediction.length, prediction.statements) == (8, 5))
    #expect(abs(shares(grammar, 0.9)[loop[0]] / (Float(1) / 128) - 0.1) < 0.01)
    let few = try self.grammar(after: line(statements.dropFirst(10)))
    #expect(shares(few, 0.9)[loop[0]] > 0.9)
  }

  @Test func theMelodyGoesOnAboveAnotherAccompaniment() throws {
    // The tune over bass notes that differ between the statements.
    func over(_ bass: [Int]) -> [[Int]] { zip(bass, Self.tune).map { [$0, $1] } }
    let first = over([36, 43, 40, 36, 41, 45, 36, 43, 43, 40, 36])
    let grammar = try grammar(after: first + line(Self.other) + over([43, 36, 45, 43, 38]))
    #expect(grammar.figures.prediction(at: grammar.time) == nil)
    let next = Self.tune[5]
    let shares = shares(grammar, 0.9)
    #expect(shares[next] > 0.3)
    // The pitches of the accompaniment are as probable as before.
    #expect((0..<(Self.tune[4] - 4)).allSatisfy { abs(shares[$0] * 128 - 1) < 1e-3 })
  }

  @Test func theTopNoteOfAChordIsTheMelody() throws {
    let grammar = try grammar(after: [[48, 60], [43, 62], [45, 55, 64], [40], [48, 67]])
    #expect(grammar.melody.figures.last.map { [$0.pitch, $0.onset] } == [67, 64])
    // The single bass note is far below the melody and does not count as part of it.
    let again = try self.grammar(
      after: [[48, 60], [43, 62], [45, 55, 64], [48, 67], [60, 69]] + line(Self.other)
        + [[60], [62], [64], [67]])
    #expect(again.melody.figures.prediction(at: again.time)?.shares[69] == 1)
  }
}
