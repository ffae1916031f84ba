import CAllocations
import Generation
import Inference
import ModelFormat
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Token streams that read, generate and rewind.
@Suite struct TokenStreamTests {
  private func continuation(
    _ stream: TokenStream, _ count: Int, seed: UInt64, _ bias: ((UnsafeMutableBufferPointer<Float>) -> Void)? = nil
  ) throws -> [Token] {
    var generator = SplitMix64(seed: seed)
    return try (0..<count).compactMap { _ in try stream.next(using: &generator, bias: bias) }
  }

  /// Rewinding across the end of a latent window and continuing gives the same music as a new stream.
  @Test func aStreamGoesBackToItsMark() throws {
    let model = try tinyModel()
    var generator = SplitMix64(seed: 9)
    let music = try Array(piece(4, notes: 80).prefix(120))
    func heard() -> TokenStream {
      let stream = TokenStream(
        model, SamplingOptions(tonality: 1, repetitionPenalty: 2, recurrence: 0.5, steadiness: 0.5), chunk: 64)
      music.forEach(stream.hear)
      return stream
    }
    let stream = heard()
    let mark = stream.mark(using: &generator)
    #expect(mark.count == music.count + 1)
    let one = try continuation(stream, 50, seed: 1)
    stream.rewind(to: mark)
    let two = try continuation(stream, 50, seed: 2)
    stream.rewind(to: mark)
    #expect(try continuation(stream, 50, seed: 1) == one && one != two)
    var again = SplitMix64(seed: 9)
    let other = heard()
    _ = other.mark(using: &again)
    #expect(try continuation(other, 50, seed: 1) == one)
  }

  /// How the input is divided into parts, and what was tried in between, does not change what follows.
  @Test func hearingInPartsIsTheSameAsAtOnce() throws {
    let model = try tinyModel()
    let music = try Array(piece(5, notes: 120).prefix(260))
    var generator = SplitMix64(seed: 3)
    let whole = TokenStream(model, SamplingOptions())
    music.forEach(whole.hear)
    whole.settle(using: &generator)
    let expected = try continuation(whole, 30, seed: 7)

    generator = SplitMix64(seed: 3)
    let parts = TokenStream(model, SamplingOptions())
    for start in stride(from: 0, to: music.count, by: 37) {
      for token in music[start..<min(music.count, start + 37)] { parts.hear(token) }
      let mark = parts.mark(using: &generator)
      _ = try continuation(parts, 5, seed: 100)
      parts.rewind(to: mark)
    }
    #expect(try continuation(parts, 30, seed: 7) == expected)
  }

  /// Latents that were drawn after a mark are discarded with the tokens, even if their window begins at the mark. With
  /// the same latents drawn again, hearing the same tokens again gives the same result.
  @Test func aWindowThatBeginsAtAMarkIsDrawnAnew() throws {
    let model = try tinyModel()
    let stream = TokenStream(model, SamplingOptions())
    var generator = SplitMix64(seed: 9)
    let start = stream.mark(using: &generator)
    for seed in 1...3 as ClosedRange<UInt64> {
      stream.rewind(to: start)
      let other = TokenStream(model, SamplingOptions())
      let phrase = try continuation(other, 30, seed: seed)
      #expect(try continuation(stream, 30, seed: seed) == phrase)
      stream.rewind(to: start)
      phrase.forEach(stream.hear)
      generator = SplitMix64(seed: seed)
      stream.settle(using: &generator)
      #expect(try continuation(stream, 20, seed: 5) == continuation(other, 20, seed: 5))
    }
  }

  /// Successive candidates of a live answer from one mark: after their first tokens, which copy the state that the mark
  /// keeps, tokens allocate no memory, whatever the sampling options.
  @Test func aCandidateTakesNoMemory() throws {
    let stream = TokenStream(
      try tinyModel(SyntheticModel.plain.configuration),
      SamplingOptions(topP: 0.96, tonality: 2, repetitionPenalty: 1.2, recurrence: 0.5), chunk: 256)
    stream.isScoring = true
    try piece(4, notes: 80).prefix(200).forEach(stream.hear)
    var generator = SplitMix64(seed: 9)
    stream.grammar.constraints = try #require(Constraints(longestNote: 512, levels: .mp ... .f))
    let mark = stream.mark(using: &generator)
    var taken = 0
    for seed in 0..<50 as Range<UInt64> {
      stream.rewind(to: mark)
      var generator = SplitMix64(seed: seed)
      for _ in 0..<20 { _ = try stream.next(using: &generator) }
      let before = aurl_allocations()
      for _ in 0..<100 { _ = try stream.next(using: &generator) }
      // The first round, with one-time allocations such as type metadata, is not counted.
      if seed > 0 { taken += aurl_allocations() - before }
    }
    // Arrays of notes grow occasionally.
    #expect(taken <= 5, "\(taken) allocations in 4,900 tokens")
  }

  /// An end probability is available only after a sampled token, and only where no note sounds.
  @Test func theEndProbabilityIsThatOfARest() throws {
    let stream = TokenStream(try tinyModel(), SamplingOptions())
    var generator = SplitMix64(seed: 2)
    tokens("VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 20,NOTE_OFF 60").forEach(stream.hear)
    let rest = stream.mark(using: &generator)
    _ = try stream.next(using: &generator)
    #expect(stream.lastEndLogProbability == nil, "it was not requested")
    stream.isWatchingForEnd = true
    stream.rewind(to: rest)
    _ = try stream.next(using: &generator)
    #expect(try #require(stream.lastEndLogProbability) < 0)
    stream.rewind(to: rest)
    tokens("TIME_SHIFT 5,NOTE_ON 64").forEach(stream.hear)
    #expect(stream.lastEndLogProbability == nil, "the last token was heard, not sampled")
    _ = try stream.next(using: &generator)
    #expect(stream.lastEndLogProbability == nil, "a note sounds")
  }

  @Test func aBiasTakesEffect() throws {
    let stream = TokenStream(try tinyModel(), SamplingOptions())
    stream.isScoring = true
    let take = try continuation(stream, 60, seed: 1) { logits in
      for pitch in 0..<128 where pitch % 12 != 0 { logits[pitch] = -.infinity }
    }
    let onsets = take.filter { $0.rawValue < 128 }
    #expect(!onsets.isEmpty && onsets.allSatisfy { $0.rawValue % 12 == 0 })
    #expect(stream.lastLogProbability <= 0 && stream.lastLogProbability.isFinite)
  }
}
