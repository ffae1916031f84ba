import Generation
import ModelFormat
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Streams of tokens drawn at random from those that the mask allows.
@Suite struct GrammarTests {
  struct Case: CustomStringConvertible {
    var seed: UInt64
    var scale: String?
    var range: ClosedRange<Int>?
    var polyphony: Int?
    /// In ticks.
    var end: Int?
    var mayEnd = false
    /// In ticks.
    var longestNote = Int.max
    /// Added to the random logits of note-ons, and of time shifts.
    var starts: Float = 0
    var shifts: Float = 0

    var description: String {
      "seed \(seed) \(scale ?? "") \(range.map { "\($0)" } ?? "") \(polyphony ?? 0) \(end ?? 0)"
    }

    var pitches: ClosedRange<Pitch>? {
      range.map { Pitch(masking: UInt8($0.lowerBound))...Pitch(masking: UInt8($0.upperBound)) }
    }

    var constraints: Constraints {
      get throws {
        let scale = scale.flatMap(Scale.init)
        return try #require(
          Constraints(
            scale: scale, range: pitches, maximumPolyphony: polyphony, longestNote: TokenTime(rawValue: longestNote)))
      }
    }
  }

  static let cases: [Case] = [
    Case(seed: 1), Case(seed: 2, end: 500), Case(seed: 3, mayEnd: true), Case(seed: 4, scale: "D minor"),
    Case(seed: 5, scale: "F# lydian", range: 60...72, polyphony: 3, end: 4000),
    Case(seed: 6, range: 60...60), Case(seed: 7, range: 0...1, polyphony: 1), Case(seed: 8, range: 127...127),
    Case(seed: 9, polyphony: 1, starts: 8), Case(seed: 10, starts: 6),
    Case(seed: 11, range: 40...90, polyphony: 6), Case(seed: 12, scale: "C major", end: 1, starts: 3),
    Case(seed: 13, starts: -8, shifts: 8), Case(seed: 14, end: 513, starts: -8, shifts: 8),
    Case(seed: 15, end: 3000, mayEnd: true, starts: 4, shifts: -4), Case(seed: 16, starts: 20),
    Case(seed: 17, polyphony: 4, longestNote: 40),
    Case(seed: 18, range: 60...64, longestNote: 1, starts: 6),
    Case(seed: 19, end: 900, longestNote: 520, starts: 6, shifts: 5),
  ]

  /// Draws at most `limit` tokens, and calls `body` with the choices at each step.
  private func walk(
    _ test: Case, limit: Int, _ body: (Grammar, [Int], Grammar.Choices) throws -> Void = { _, _, _ in }
  ) throws -> (stream: [Int], isWhole: Bool) {
    var generator = SeededGenerator(seed: test.seed)
    var grammar = Grammar(try test.constraints)
    grammar.end = test.end
    grammar.mayEnd = test.mayEnd
    var stream: [Int] = []
    while stream.count < limit, !grammar.isOver {
      let choices = grammar.choices
      try body(grammar, stream, choices)
      var logits = (0..<Configuration.Vocabulary.logitCount).map { id in
        Float.random(in: 0..<4, using: &generator)
          + (id < 128 ? test.starts : id < 256 ? 0 : id < 768 ? test.shifts : 0)
      }
      logits.withUnsafeMutableBufferPointer { choices.mask($0) }
      let chosen = try #require(logits.indices.max { logits[$0] < logits[$1] })
      try #require(logits[chosen] > -.infinity, "nothing may follow \(stream.suffix(8))")
      guard let token = Token(rawValue: UInt16(chosen)).map(grammar.cut) else { return (stream, true) }
      stream.append(Int(token.rawValue))
      grammar.apply(token)
    }
    if grammar.isOver { stream += grammar.releases.map { Int($0.rawValue) } }
    return (stream, grammar.isOver)
  }

  @Test(arguments: cases)
  func theMaskIsTheRules(test: Case) throws {
    var reference = ReferenceGrammar()
    if let scale = test.scale {
      let steps = [
        "D minor": [2, 4, 5, 7, 9, 10, 0], "F# lydian": [6, 8, 10, 0, 1, 3, 5], "C major": [0, 2, 4, 5, 7, 9, 11],
      ]
      let classes = try #require(steps[scale])
      reference.pitches = reference.pitches.filter { classes.contains($0 % 12) }
    }
    if let range = test.range { reference.pitches = reference.pitches.filter(range.contains) }
    reference.maximumPolyphony = test.polyphony ?? 128
    (reference.end, reference.mayEnd) = (test.end, test.mayEnd)
    reference.longestNote = test.longestNote
    _ = try walk(test, limit: 120) { grammar, stream, choices in
      var logits = [Float](repeating: 0, count: Configuration.Vocabulary.logitCount)
      logits.withUnsafeMutableBufferPointer { choices.mask($0) }
      let allowed = Set(logits.indices.filter { logits[$0] == 0 })
      try #require(allowed == reference.choices(after: stream), "after \(stream.suffix(12))")
      try #require(
        Set((0..<774).filter { choices.contains(Token(rawValue: UInt16($0))!) }) == allowed.subtracting([774]))
    }
  }

  @Test(arguments: cases)
  func whatIsWrittenIsWhatTheEncoderWrites(test: Case) throws {
    let (ids, isWhole) = try walk(test, limit: 4000)
    let stream = ids.compactMap { Token(rawValue: UInt16($0)) }
    let decoded = try TokenDecoder().decode(stream)
    #expect(decoded.repairs.filter { isWhole || $0.kind != .openAtEnd } == [])
    // Unlike the stream, the encoder leaves out time after the last note, and it ends notes that still sound.
    let encoded = try TokenEncoder().encode(decoded.score)
    let silence = stream.reversed().prefix { (256..<768).contains($0.rawValue) }.count
    let isSame = isWhole ? encoded == stream.dropLast(silence) : encoded.starts(with: stream.prefix(3000))
    #expect(isSame)
    var onsets: [Int: Int] = [:]
    var time = 0
    for id in ids {
      if id < 128 { onsets[id] = time } else if id > 255, id < 768 { time += id - 255 }
      if (128..<256).contains(id), let onset = onsets[id - 128] { #expect(time - onset <= test.longestNote) }
    }
    if let end = test.end, !test.mayEnd {
      #expect(stream.reduce(0) { if case .timeShift(let n) = $1.meaning { $0 + n } else { $0 } } == end)
    }
  }

  /// Constraints apply to new notes only; notes that sound since the prompt may end.
  @Test func earlierNotesMayEnd() throws {
    var grammar = Grammar()
    for name in ["VELOCITY_CHANGE f", "NOTE_ON 61", "NOTE_ON 66", "TIME_SHIFT 9"] {
      grammar.apply(try #require(Token(name)))
    }
    let c = Pitch(masking: 60)
    grammar.constraints = try #require(Constraints(scale: Scale("C major"), range: c...c, maximumPolyphony: 2))
    #expect(grammar.choices.contains(try #require(Token("NOTE_OFF 61"))))
    #expect(!grammar.choices.contains(try #require(Token("NOTE_ON 60"))), "two sound already")
    grammar.apply(try #require(Token("NOTE_OFF 66")))
    #expect(grammar.choices.contains(try #require(Token("NOTE_ON 60"))))
    #expect(!grammar.choices.contains(try #require(Token("NOTE_ON 66"))), "it is not of the key")
  }

  @Test func constraintsThatAllowNoPitchAreRefused() {
    let fSharp = Pitch(masking: 66)
    #expect(Constraints(scale: Scale("C major"), range: fSharp...fSharp) == nil)
    #expect(Scale("H major") == nil && Scale("C") == nil && Scale("") == nil && Scale("C maj") == nil)
    #expect(Scale("ß major") == nil, "ß has two letters in upper case")
    #expect(Scale("Bb minor") != nil && Scale("a harmonic minor") != nil)
  }
}
