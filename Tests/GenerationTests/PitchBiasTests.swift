import Generation
import Glibc
import MusicTokens
import Testing

@Suite struct PitchBiasTests {
  /// The state after successive notes of `ticks` each.
  private func grammar(after pitches: [Int], ticks: Int = 8) throws -> Grammar {
    var grammar = Grammar()
    grammar.apply(try #require(Token(rawValue: 770)))
    for pitch in pitches {
      grammar.apply(try #require(Token(rawValue: UInt16(pitch))))
      grammar.apply(.timeShift(ticks))
      grammar.apply(try #require(Token(rawValue: UInt16(128 + pitch))))
    }
    return grammar
  }

  /// The logits of a model, some of them −∞, before and after the bias.
  private func logits(_ grammar: Grammar, _ options: SamplingOptions) -> (before: [Float], after: [Float]) {
    let before = (0..<775).map { $0 % 17 == 3 ? -Float.infinity : Float($0 * 7919 % 101) / 25 }
    var after = before
    after.withUnsafeMutableBufferPointer { grammar.biasPitches($0, options) }
    return (before, after)
  }

  /// A melody in C major that stresses the tonic triad.
  private static let cMajor = [60, 64, 67, 72, 71, 69, 67, 65, 64, 62, 60, 67, 64, 60]

  /// The published key profile of C major (Temperley 2007), normalized to shares of all notes.
  private static let shares: [Float] = {
    let profile: [Float] = [0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400]
    return profile.map { $0 / profile.reduce(0, +) }
  }()

  @Test func pitchesForeignToTheKeyBecomeLessProbable() throws {
    let grammar = try grammar(after: Self.cMajor + Self.cMajor + Self.cMajor)
    let (before, after) = logits(grammar, SamplingOptions(tonality: 0.5))
    // C against C sharp follows the profile in each octave; C against B, both in the key, does not change. The key is
    // almost certain.
    func change(_ pitch: Int, against other: Int) -> Float? {
      guard before[pitch].isFinite, before[other].isFinite else { return nil }
      return (after[pitch] - before[pitch]) - (after[other] - before[other])
    }
    for pitch in stride(from: 0, to: 108, by: 12) {
      if let foreign = change(pitch, against: pitch + 1) {
        #expect(abs(foreign - 0.5 * logf(0.055 / Self.shares[1])) < 0.05)
      }
      if let own = change(pitch, against: pitch + 11) { #expect(abs(own) < 1e-4) }
    }
    let unchanged = (0..<775).allSatisfy { $0 < 128 || after[$0] == before[$0] }
    #expect(unchanged)
    #expect((0..<128).allSatisfy { after[$0].isFinite == before[$0].isFinite })
  }

  @Test(arguments: [SamplingOptions(tonality: 1), SamplingOptions(repetitionPenalty: 3)])
  func notesStartAsOftenAsBefore(_ options: SamplingOptions) throws {
    let (before, after) = logits(try grammar(after: Self.cMajor), options)
    func mass(_ logits: [Float]) -> Float { logits[..<128].reduce(0) { $0 + expf($1) } }
    #expect(abs(mass(after) / mass(before) - 1) < 1e-4)
    #expect(before != after)
  }

  @Test func withoutNotesNoKeyIsPreferred() {
    let (before, after) = logits(Grammar(), SamplingOptions(tonality: 1, repetitionPenalty: 1))
    #expect(zip(before, after).allSatisfy { $0 == $1 || abs($0 - $1) < 1e-4 })
  }

  @Test(arguments: 1..<12) func transpositionMovesTheBias(by semitones: Int) throws {
    func expected(_ pitches: [Int]) throws -> [Float] {
      let expected = try grammar(after: pitches).recent.expected
      return (0..<12).map { expected[$0] }
    }
    let (own, moved) = (try expected(Self.cMajor), try expected(Self.cMajor.map { $0 + semitones }))
    #expect((0..<12).allSatisfy { abs(own[$0] - moved[($0 + semitones) % 12]) < 1e-5 })
    #expect(abs(own.reduce(0, +) - 1) < 1e-5)
  }

  @Test func theKeyFollowsAModulation() throws {
    // F sharp major after C major: after four half-lives the old key has faded.
    let other = Self.cMajor.map { $0 + 6 }
    let grammar = try grammar(after: Self.cMajor + other + other + other, ticks: 48)
    let expected = grammar.recent.expected
    #expect(expected[6] > 3 * expected[0])
  }

  /// After a digression the first key is still the more probable one, though the last notes are all from another.
  @Test func musicReturnsToItsKey() throws {
    let other = Self.cMajor.map { $0 + 6 }
    let long = Array(repeating: Self.cMajor, count: 12).flatMap(\.self)
    let keys = try grammar(after: long + other, ticks: 16).recent.keys
    #expect(keys[0] > 0.9)
    // The recent notes alone decide at the beginning of a piece.
    let short = try grammar(after: Self.cMajor + other + other, ticks: 64).recent.keys
    #expect(short[6] > 0.5)
    #expect(abs((0..<24).reduce(0) { $0 + keys[$1] } - 1) < 1e-5)
  }

  @Test func countsHalveInEightSeconds() throws {
    var grammar = try grammar(after: [60])
    let count = grammar.recent.counts[0]
    grammar.apply(.timeShift(512))
    #expect(abs(grammar.recent.counts[0] - count / 2) < 1e-6)
  }

  /// The full penalty at once, half of it after half a second, and none after a second.
  @Test(arguments: [(1, Float(63) / 64), (32, 0.5), (63, Float(1) / 64), (64, 0), (500, 0)])
  func repetitionIsPenalizedForASecond(ticks: Int, share: Float) throws {
    let grammar = try grammar(after: [60], ticks: ticks)
    let (before, after) = logits(grammar, SamplingOptions(repetitionPenalty: 2))
    let other = after[62] - before[62]
    #expect(abs((after[60] - before[60]) - other + 2 * share) < 1e-4)
  }
}
