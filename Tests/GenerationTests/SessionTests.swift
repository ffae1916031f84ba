import CAllocations
import Generation
import Inference
import ModelFormat
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

@Suite struct SessionTests {
  private func settings(
    _ seed: UInt64 = 1, length: Int? = 64 * 300, mayEnd: Bool = false,
    _ change: (inout GenerationSettings) -> Void = { _ in }
  ) -> GenerationSettings {
    var settings = GenerationSettings(seed: seed)
    (settings.length, settings.mayEnd) = (length, mayEnd)
    change(&settings)
    return settings
  }

  /// Takes of all kinds decode without a repair and last exactly as long as they should, far past the model's window.
  @Test func takesAreSoundAndEndInTime() throws {
    let model = try tinyModel()
    let heard = try [piece(1), piece(2)].map { model.encodeWindows(of: $0) }
    let prompt = try #require(try Prompt(piece(3, notes: 90)))
    let changes: [(inout GenerationSettings) -> Void] = [
      { _ in }, { $0.latents = .like(heard[0]) }, { $0.latents = .between(heard[0], heard[1], at: 0.5) },
      { $0.latents = .varied(heard[1], .phrase) }, { $0.prompt = prompt },
      { $0.constraints = Constraints(scale: Scale("E minor"), maximumPolyphony: 2)! },
      { $0.sampling = SamplingOptions(temperature: 0) },
      { $0.sampling = SamplingOptions(temperature: 0.8, topK: 40, topP: 0.9, minP: 0.01) },
    ]
    for (index, change) in changes.enumerated() {
      let settings = settings(UInt64(index), length: 64 * 600, change)
      let tokens = try take(model, settings)
      #expect(tokens.ticks == 64 * 600, "take \(index)")
      _ = try TokenDecoder(isStrict: true).decode((settings.prompt?.tokens ?? []) + tokens)
      let again = try take(model, settings)
      #expect(tokens.elementsEqual(again) == true, "take \(index) again")
      if index != 6 {
        let other = try take(model, self.settings(99, length: 64 * 600, change))
        #expect(tokens.count > 200 && tokens != other)
      }
    }
  }

  /// A model that would end half of its takes before they begin.
  private func eagerModel() throws -> Model {
    var eager = SyntheticModel.plain
    let width = eager.configuration.width
    for index in 775 * width..<776 * width { eager.tensors["embedding.weight"]?[index] *= 20 }
    return try load(eager)
  }

  @Test func theModelDoesNotEndEarly() throws {
    let model = try eagerModel()
    var ended = 0
    for seed in 0..<10 as Range<UInt64> {
      let session = GenerationSession(
        model,
        settings(seed, length: 64 * 1000, mayEnd: true) {
          $0.constraints = Constraints(maximumPolyphony: 1)!
          $0.minimumLength = 640
        })
      var take: [Token] = []
      while let token = try session.next() { take.append(token) }
      if session.isEndedByModel { ended += 1 }
      #expect(take.ticks >= 640, "seed \(seed): \(take.ticks) ticks")
    }
    #expect(ended > 2)
  }

  @Test(arguments: [nil, "VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 20,NOTE_OFF 60"])
  func theModelMayEnd(prompt: String?) throws {
    let model = try eagerModel()
    let heard = try prompt.flatMap { try Prompt(tokens($0)) }
    var ended = 0
    for seed in 0..<20 as Range<UInt64> {
      let settings = settings(seed, length: 64 * 1000, mayEnd: true) {
        $0.prompt = heard
        $0.constraints = Constraints(maximumPolyphony: 1)!
      }
      let session = GenerationSession(model, settings)
      var take: [Token] = []
      while let token = try session.next() { take.append(token) }
      #expect(try session.next() == nil)
      #expect(take.contains { $0.rawValue < 128 }, "no take is silent")
      _ = try TokenDecoder(isStrict: true).decode((heard?.tokens ?? []) + take)
      if session.isEndedByModel { ended += 1 } else { #expect(take.ticks == 64 * 1000) }
    }
    #expect(ended > 5)
  }

  /// The same take, by a loop that knows nothing of sessions.
  @Test(arguments: [Configuration.tiny, SyntheticModel.plain.configuration])
  func aTakeFollowsFromItsParts(configuration: Configuration) throws {
    let model = try tinyModel(configuration)
    let settings = settings(length: nil)
    let session = GenerationSession(model, settings)
    let state = DecoderState(model)
    let sampler = Sampler(settings.sampling, capacity: 775)
    var generator = SeededGenerator(seed: settings.seed)
    var grammar = Grammar()
    var history: [Latents] = []
    var last = Configuration.Vocabulary.bos
    for position in 0..<400 {
      if let prior = model.prior, position % 128 == 0 {
        let next = prior.sample(after: history, using: &generator)
        state.use(next)
        history = (history + [next]).suffix(2)
      }
      let logits = state.step(last)
      let chosen = logits.withUnsafeMutableLogits { logits in
        grammar.choices.mask(logits)
        return sampler.choose(UnsafeBufferPointer(logits), using: &generator)
      }
      last = try #require(chosen)
      let token = try #require(Token(rawValue: UInt16(last)))
      #expect(try session.next() == token, "token \(position)")
      grammar.apply(token)
    }
  }

  @Test func aTokenTakesNoMemory() throws {
    let session = GenerationSession(try tinyModel(SyntheticModel.plain.configuration), settings(length: nil))
    _ = try session.next()
    let before = aurl_allocations()
    var count = 0
    while count < 1000, try session.next() != nil { count += 1 }
    let taken = aurl_allocations() - before
    #expect(count == 1000 && taken == 0)
  }

  /// Numbers that are finite themselves, but of which larger ones come than there are.
  @Test func whatIsNotFiniteIsNoTake() throws {
    var model = SyntheticModel.plain
    model.tensors["embedding.weight"] = model.tensors["embedding.weight"]?.map { $0 < 0 ? -1e38 : 1e38 }
    let session = GenerationSession(try load(model), settings())
    #expect(throws: GenerationError.notFinite) { try session.next() }
    #expect(try session.next() == nil)
  }

  // MARK: Prompts

  /// The model hears the prompt, and what sounds at its end goes on.
  @Test func aPromptGoesOn() throws {
    let model = try tinyModel(SyntheticModel.plain.configuration)
    let stream = tokens("VELOCITY_CHANGE p,NOTE_ON 60,NOTE_ON 64,TIME_SHIFT 20,NOTE_OFF 60,NOTE_ON 67,TIME_SHIFT 5")
    let prompt = try #require(try Prompt(stream))
    #expect(prompt.tokens == stream && prompt.repairs.isEmpty)
    let settings = settings(length: 640) {
      $0.prompt = prompt
      $0.sampling = SamplingOptions(temperature: 0)
    }
    let take = try take(model, settings)
    // The most probable of what may follow a whole reading of the prompt.
    let state = DecoderState(model)
    let logits = state.prefill([Configuration.Vocabulary.bos] + stream.map { Int($0.rawValue) })
    var grammar = Grammar()
    stream.forEach { grammar.apply($0) }
    let best = logits.withUnsafeMutableLogits { logits in
      grammar.choices.mask(logits)
      return logits.indices.max { logits[$0] < logits[$1] }
    }
    #expect(take.first.map { Int($0.rawValue) } == best)
    #expect(take.ticks == 640)
    let decoded = try TokenDecoder(isStrict: true).decode(stream + take)
    let held = try #require(decoded.score.tracks[0].notes.first { $0.pitch.rawValue == 64 })
    #expect(held.duration.rawValue > 25 * 15, "it sounds on after the prompt")
  }

  @Test func aPromptIsCut() throws {
    let stream = tokens(
      "TIME_SHIFT 4,VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 20,NOTE_OFF 60,NOTE_ON 67,TIME_SHIFT 5,NOTE_OFF 67")
    let whole = try #require(try Prompt(stream))
    #expect(whole.tokens == stream)
    #expect(try Prompt(stream, end: 24)?.tokens == Array(stream.prefix(5)), "what ends there has ended")
    #expect(try Prompt(stream, end: 14)?.tokens == Array(stream.prefix(3)) + [.timeShift(10)])
    #expect(try Prompt(stream, end: 1000)?.tokens == stream)
    #expect(try Prompt(stream, end: 4) == nil)
    #expect(try Prompt([]) == nil)
    #expect(try Prompt(tokens("TIME_SHIFT 5")) == nil)
    // What no encoder writes is written anew.
    let odd = tokens("NOTE_ON 60,TIME_SHIFT 3,TIME_SHIFT 3,NOTE_OFF 61,NOTE_ON 60,TIME_SHIFT 1")
    let mended = tokens("VELOCITY_CHANGE mf,NOTE_ON 60,TIME_SHIFT 6,NOTE_OFF 60,NOTE_ON 60,TIME_SHIFT 1,NOTE_OFF 60")
    let written = try #require(try Prompt(odd))
    #expect(written.tokens == mended)
    #expect(written.repairs.map(\.kind) == [.missingVelocity, .orphanNoteOff, .restrike, .openAtEnd])
  }

  /// A level that no note follows is not taken: where the constraints allow no note, nothing could follow it.
  @Test(arguments: [Constraints(maximumPolyphony: 1), Constraints(range: Pitch(masking: 60)...Pitch(masking: 60))])
  func aPromptEndsWithoutALevel(limits: Constraints?) throws {
    let constraints = try #require(limits)
    let music = "VELOCITY_CHANGE mf,NOTE_ON 60,TIME_SHIFT 45"
    let prompt = try #require(try Prompt(tokens(music + ",VELOCITY_CHANGE f")))
    #expect(prompt.tokens == tokens(music))
    let model = try tinyModel(SyntheticModel.plain.configuration)
    let take = try take(model, settings(length: 640) { ($0.prompt, $0.constraints) = (prompt, constraints) })
    #expect(take.ticks == 640)
    _ = try TokenDecoder(isStrict: true).decode(prompt.tokens + take)
  }

  /// What a prompt left sounding ends where it sounded long enough, counted from its start.
  @Test func notesOfAPromptEnd() throws {
    let model = try tinyModel(SyntheticModel.plain.configuration)
    let prompt = try #require(
      try Prompt(tokens("VELOCITY_CHANGE f,NOTE_ON 30,TIME_SHIFT 500,NOTE_ON 60,TIME_SHIFT 50")))
    let constraints = try #require(Constraints(longestNote: 512))
    let session = GenerationSession(model, settings { ($0.prompt, $0.constraints) = (prompt, constraints) })
    #expect(try session.next() == Token("NOTE_OFF 30"))
  }

  /// Of a long prompt the model reads the end, and knows the keys that are held since before it and the level in force:
  /// its choices are those after the end of the prompt with that keyboard, and others without it.
  @Test func keysHeldBeforeTheEndOfAPromptAreKnown() throws {
    let model = try tinyModel(SyntheticModel.plain.configuration)
    let stream = tokens("VELOCITY_CHANGE f,NOTE_ON 30,NOTE_ON 33," + Self.manyNotes)
    let prompt = try #require(try Prompt(stream))
    let session = GenerationSession(
      model,
      settings(length: nil) {
        $0.prompt = prompt
        $0.sampling = SamplingOptions(temperature: 0)
      })
    // The last 96 of 123 tokens.
    let end = [Configuration.Vocabulary.bos] + stream.suffix(96).map { Int($0.rawValue) }
    var keyboard = KeyboardState()
    for token in stream.dropLast(96) { keyboard.apply(token.rawValue) }
    try #require(keyboard.isSounding(30) && keyboard.isSounding(33) && keyboard.level == 4)
    let state = DecoderState(model)
    let without = Array(state.prefill(end))
    state.reset(keyboard)
    var logits = state.prefill(end)
    #expect(zip(logits, without).contains { ($0 - $1).magnitude > 1e-2 })
    var grammar = Grammar()
    stream.forEach { grammar.apply($0) }
    for position in 0..<20 {
      let best = logits.withUnsafeMutableLogits { logits in
        grammar.choices.mask(logits)
        return logits.indices.max { logits[$0] < logits[$1] }
      }
      let token = try #require(best.flatMap { Token(rawValue: UInt16($0)) })
      #expect(try session.next() == token, "token \(position)")
      grammar.apply(token)
      logits = state.step(Int(token.rawValue))
    }
  }

  /// 120 tokens.
  private static let manyNotes = String(repeating: "NOTE_ON 60,TIME_SHIFT 1,NOTE_OFF 60,", count: 40)

  /// The latents of a prompt are those that the encoder hears in it, where a phrase is the whole window too; what it
  /// has not, the segment that is not over included, is drawn.
  @Test(arguments: [64, 128])
  func aPromptHasLatents(phraseLength: Int) throws {
    var configuration = Configuration.tiny
    configuration.latents?.phraseLength = phraseLength
    let model = try tinyModel(configuration)
    let prior = try #require(model.prior)
    let stream = Array(try piece(3).drop { (256..<768).contains($0.rawValue) }.prefix(40))
    let prompt = try #require(try Prompt(stream))
    try #require(prompt.tokens == stream)
    let session = GenerationSession(model, settings(length: nil) { $0.prompt = prompt })

    var generator = SeededGenerator(seed: 1)
    let ids = stream.map { Int($0.rawValue) }
    var latents = model.encode(TokenWindow(tokens: stream.map(\.rawValue))).draw(using: &generator).latents
    latents.locals.removeLast()
    try #require(latents.locals.count == 2 && latents.phrases.count == 1)
    let state = DecoderState(model)
    state.use(prior.complete(latents, using: &generator))
    var logits = state.prefill([Configuration.Vocabulary.bos] + ids)
    let sampler = Sampler(SamplingOptions(), capacity: 775)
    var grammar = Grammar()
    stream.forEach { grammar.apply($0) }
    for position in 0..<60 {
      let id = logits.withUnsafeMutableLogits { logits in
        grammar.choices.mask(logits)
        return sampler.choose(UnsafeBufferPointer(logits), using: &generator)
      }
      let token = try #require(id.flatMap { Token(rawValue: UInt16($0)) })
      #expect(try session.next() == token, "token \(position)")
      grammar.apply(token)
      logits = state.step(Int(token.rawValue))
    }
  }
}
