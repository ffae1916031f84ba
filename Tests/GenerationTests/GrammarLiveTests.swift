import Foundation
import Generation
import ModelFormat
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Elapsed time and another player's notes in the grammar.
@Suite struct GrammarLiveTests {
  private func grammar(_ names: String, _ change: (inout Grammar) throws -> Void = { _ in }) rethrows -> Grammar {
    var grammar = Grammar()
    grammar.mayBeginWithShift = true
    tokens(names).forEach { grammar.apply($0) }
    try change(&grammar)
    return grammar
  }

  private func masked(_ grammar: Grammar, _ logits: [Float]) -> [Float] {
    var logits = logits
    logits.withUnsafeMutableBufferPointer { grammar.choices.mask($0) }
    return logits
  }

  /// After time has passed without tokens, the next event is not before the present.
  @Test func nothingHappensInThePast() throws {
    var generator = SeededGenerator(seed: 1)
    for round in 0..<300 {
      var grammar = Grammar()
      grammar.mayBeginWithShift = true
      func choose() throws -> Token {
        let logits = (0..<775).map { $0 < 256 ? 2 : $0 > 767 ? 1 : Float.random(in: 0..<4, using: &generator) }
        let choice = masked(grammar, logits.map { $0 + Float.random(in: 0..<3, using: &generator) })
        let best = try #require(choice.indices.max { choice[$0] < choice[$1] })
        return try #require(Token(rawValue: UInt16(best)))
      }
      for _ in 0..<Int.random(in: 0..<30, using: &generator) { grammar.apply(grammar.cut(try choose())) }
      // Like the stream of played notes, it does not end with a shift or a level.
      while grammar.choices.contains(.timeShift(512)) == false { grammar.apply(try choose()) }
      let passed = Int.random(in: 0..<1500, using: &generator)
      grammar.earliest = grammar.time + passed
      let start = grammar.time
      var shifts: [Int] = []
      while case let token = grammar.cut(try choose()), case .timeShift(let ticks) = token.meaning {
        grammar.apply(token)
        shifts.append(ticks)
      }
      try #require(grammar.time >= start + passed, "round \(round): \(shifts)")
      #expect(shifts.dropLast().allSatisfy { $0 == 512 }, "only the longest shift is followed by one: \(shifts)")
    }
  }

  /// A shift is drawn from those that are long enough, with the same relative probabilities.
  @Test func theFirstShiftIsDrawnFromThoseLongEnough() throws {
    let grammar = grammar("VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 20,NOTE_OFF 60") { $0.earliest = 60 }
    var generator = SeededGenerator(seed: 2)
    let logits = (0..<775).map { id in id < 256 ? 9 : Float.random(in: -1..<1, using: &generator) }
    let sampler = Sampler(SamplingOptions(), capacity: 775)
    var counts = [Int](repeating: 0, count: 775)
    let draws = 30_000
    let left = masked(grammar, logits)
    for _ in 0..<draws {
      let drawn = left.withUnsafeBufferPointer { sampler.choose($0, using: &generator) }
      counts[try #require(drawn)] += 1
    }
    // Shifts of 40 ticks or more: ids from 295 on.
    let weights = (295..<768).map { exp(logits[$0]) }
    let total = weights.reduce(0, +)
    #expect(counts[..<295].allSatisfy { $0 == 0 } && counts[768...].allSatisfy { $0 == 0 })
    let chiSquare = zip(counts[295..<768], weights).reduce(0.0) { sum, pair in
      let expected = Double(pair.1 / total) * Double(draws)
      return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
    // 472 degrees of freedom: mean 472, standard deviation 31.
    #expect(chiSquare < 472 + 5 * 31)
  }

  /// A key that another player holds for a minute and many tokens: the grammar never releases it, nor counts it as too
  /// long.
  @Test func neverReleasesAnotherPlayersNotes() throws {
    var grammar = try grammar("VELOCITY_CHANGE p,NOTE_ON 40,NOTE_ON 44,TIME_SHIFT 1,NOTE_ON 90") {
      $0.foreign = [40, 44]
      $0.constraints = try #require(Constraints(maximumPolyphony: 1, longestNote: 64))
    }
    var generator = SeededGenerator(seed: 3)
    var count = 0
    while grammar.time < 64 * 60 || count < 600 {
      let noise = (0..<775).map { ($0 < 256 ? 3 : 0) + Float.random(in: 0..<4, using: &generator) }
      let logits = masked(grammar, noise)
      let choice = try #require(logits.indices.max { logits[$0] < logits[$1] })
      try #require(logits[choice] > -.infinity)
      let token = grammar.cut(try #require(Token(rawValue: UInt16(choice))))
      try #require(token != tokens("NOTE_OFF 40")[0] && token != tokens("NOTE_OFF 44")[0])
      grammar.apply(token)
      count += 1
    }
    #expect(grammar.foreign == [40, 44])
    // Long shifts are not cut while only the other player's notes sound.
    var waiting = self.grammar("VELOCITY_CHANGE p,NOTE_ON 40") { $0.foreign = [40] }
    waiting.constraints = try #require(Constraints(longestNote: 64))
    #expect(waiting.cut(.timeShift(500)) == .timeShift(500))
    #expect(waiting.releases.isEmpty)
    waiting.apply(tokens("TIME_SHIFT 9")[0])
    waiting.apply(tokens("NOTE_OFF 40")[0])
    waiting.apply(tokens("NOTE_ON 40")[0])
    #expect(waiting.foreign.isEmpty, "a restruck key is still another player's")
  }

  @Test func onlyAllowedLevelsAreChosen() throws {
    let limits = try #require(Constraints(levels: .mp ... .mf))
    var grammar = grammar("VELOCITY_CHANGE ff,NOTE_ON 60,TIME_SHIFT 4") { $0.constraints = limits }
    #expect(!grammar.choices.contains(tokens("NOTE_ON 62")[0]), "a note at ff is allowed")
    #expect(grammar.choices.contains(tokens("VELOCITY_CHANGE mp")[0]))
    #expect(!grammar.choices.contains(tokens("VELOCITY_CHANGE p")[0]))
    #expect(!grammar.choices.contains(tokens("VELOCITY_CHANGE f")[0]))
    grammar.apply(tokens("VELOCITY_CHANGE mp")[0])
    #expect(grammar.choices.contains(tokens("NOTE_ON 62")[0]))
  }

  /// No note starts after the latest start, while sounding notes may still end; where none sounds, the stream is over.
  @Test func noNoteStartsAfterTheLatestStart() throws {
    var held = grammar("VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 20") { $0.latestStart = 20 }
    #expect(held.choices.contains(tokens("NOTE_ON 62")[0]))
    held.latestStart = 19
    #expect(!held.choices.contains(tokens("NOTE_ON 62")[0]) && !held.choices.contains(tokens("VELOCITY_CHANGE f")[0]))
    #expect(!held.isOver && held.choices.contains(tokens("NOTE_OFF 60")[0]))
    held.apply(tokens("NOTE_OFF 60")[0])
    #expect(held.isOver && held.choices.isEmpty)
    var generator = SeededGenerator(seed: 4)
    var ends: [Int] = []
    for round in 0..<200 {
      var grammar = Grammar()
      (grammar.mayBeginWithShift, grammar.latestStart, grammar.end) = (true, 150, 200)
      while !grammar.isOver {
        // Mostly short shifts.
        let noise = (0..<775).map {
          ((256..<276).contains($0) ? 3 : 0) + Float.random(in: 0..<4, using: &generator)
        }
        let logits = masked(grammar, noise)
        let choice = try #require(logits.indices.max { logits[$0] < logits[$1] })
        try #require(logits[choice] > -.infinity, "round \(round): nothing may follow")
        let token = grammar.cut(try #require(Token(rawValue: UInt16(choice))))
        if case .noteOn = token.meaning { #expect(grammar.time <= 150, "round \(round)") }
        grammar.apply(token)
      }
      ends.append(grammar.time)
    }
    #expect(ends.contains(200) && ends.allSatisfy { $0 > 150 })
  }

  /// A longer shift is cut at the latest onset, where a note starts; sounding notes may end before.
  @Test func aNoteStartsByTheLatestOnset() {
    var grammar = grammar("VELOCITY_CHANGE p,NOTE_ON 60,NOTE_ON 64") { ($0.earliest, $0.latestOnset) = (10, 16) }
    #expect(!grammar.choices.contains(.timeShift(9)) && grammar.choices.contains(.timeShift(10)))
    #expect(grammar.cut(.timeShift(300)) == .timeShift(16))
    #expect(grammar.cut(.timeShift(12)) == .timeShift(12))
    grammar.apply(.timeShift(16))
    grammar.apply(tokens("NOTE_OFF 60")[0])
    #expect(!grammar.choices.contains(.timeShift(1)))
    #expect(grammar.choices.contains(tokens("NOTE_OFF 64")[0]))
    grammar.apply(tokens("NOTE_ON 67")[0])
    #expect(grammar.latestOnset == nil && grammar.choices.contains(.timeShift(500)))
    #expect(grammar.cut(.timeShift(500)) == .timeShift(500))
  }
}
