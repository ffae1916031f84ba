import CAllocations
import Generation
import Inference
import ModelFormat
import MusicCore
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
    let prompt = try #require(Prompt(piece(3, notes: 90)))
    let changes: [(inout GenerationSettings) -> Void] = [
      { _ in }, { $0.latents = .like(heard[0]) }, { $0.latents = .between(heard[0], heard[1], at: 0.5) },
      { $0.latents = .varied(heard[1], .phrase) }, { $0.prompt = prompt },
      { $0.constraints = Constraints(scale: Scale("E minor"), maximumPolyphony: 2)! },
      { $0.sampling = SamplingOptions(temperature: 0) },
      { $0.sampling = SamplingOptions(temperature: 0.8, topK: 40, topP: 0.9, minP: 0.01) },
    ]
    for (index, change) in changes.enumerated() {
      let settings = settings(UInt64(index), length: 64 * 600, change)
      let tokens = take(model, settings)
      #expect(tokens.ticks == 64 * 600, "take \(index)")
      _ = try TokenDecoder(isStrict: true).decode((settings.prompt?.tokens ?? []) + tokens)
      let again = take(model, settings)
      #expect(tokens.elementsEqual(again) == true, "take \(index) again")
      if index != 6 {
        #expect(tokens.count > 200 && tokens != take(model, self.settings(99, length: 64 * 600, change)))
      }
    }
  }

  @Test func theModelMayEnd() throws {
    // Its own end and the level before a note are all that this model thinks of.
    let model = try tinyModel(TinyModel.plain)
    var ended = 0
    for seed in 0..<40 as Range<UInt64> {
      let session = GenerationSession(
        model, settings(seed, length: 64 * 3000, mayEnd: true) { $0.constraints = Constraints(maximumPolyphony: 1)! })
      var tokens: [Token] = []
      while let token = session.next() { tokens.append(token) }
      #expect(session.next() == nil)
      #expect(tokens.contains { $0.rawValue < 128 }, "no take is silent")
      #expect(try TokenDecoder(isStrict: true).decode(tokens).score.noteCount > 0)
      if session.isEndedByModel { ended += 1 } else { #expect(tokens.ticks == 64 * 3000) }
    }
    #expect(ended > 0)
  }

  /// The same take, by a loop that knows nothing of sessions.
  @Test(arguments: [Configuration.tiny, TinyModel.plain])
  func aTakeFollowsFromItsParts(configuration: Configuration) throws {
    let model = try tinyModel(configuration)
    let settings = settings(length: nil)
    let session = GenerationSession(model, settings)
    let state = DecoderState(model)
    let sampler = Sampler(settings.sampling, capacity: 775)
    var generator = SeededGenerator(seed: settings.seed)
    var grammar = Grammar()
    var latents: Latents?
    var last = Configuration.Vocabulary.bos
    for position in 0..<400 {
      if let prior = model.prior, position % 128 == 0 {
        let next =
          latents.map { prior.resample($0, from: .phrase, using: &generator) } ?? prior.sample(using: &generator)
        #expect(latents == nil || next.global == latents?.global && next.phrases != latents?.phrases)
        state.use(next)
        latents = next
      }
      grammar.firstRemembered = position - 128
      let logits = state.step(last)
      last = logits.withUnsafeMutableLogits { logits in
        grammar.choices.mask(logits)
        return sampler.choose(UnsafeBufferPointer(logits), using: &generator)
      }
      let token = try #require(Token(rawValue: UInt16(last)))
      #expect(session.next() == token, "token \(position)")
      grammar.apply(token)
    }
  }

  @Test func aTokenTakesNoMemory() throws {
    let session = GenerationSession(try tinyModel(TinyModel.plain), settings(length: nil))
    _ = session.next()
    let before = aurl_allocations()
    var count = 0
    while count < 1000, session.next() != nil { count += 1 }
    let taken = aurl_allocations() - before
    #expect(count == 1000 && taken == 0)
  }

  // MARK: Prompts

  /// The model hears the prompt, and what sounds at its end goes on.
  @Test func aPromptGoesOn() throws {
    let model = try tinyModel(TinyModel.plain)
    let stream = tokens("VELOCITY_CHANGE p,NOTE_ON 60,NOTE_ON 64,TIME_SHIFT 20,NOTE_OFF 60,NOTE_ON 67,TIME_SHIFT 5")
    let prompt = try #require(Prompt(stream))
    #expect(prompt.tokens == stream)
    let settings = settings(length: 640) {
      $0.prompt = prompt
      $0.sampling = SamplingOptions(temperature: 0)
    }
    let take = take(model, settings)
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
    let whole = try #require(Prompt(stream))
    #expect(whole.tokens == stream)
    #expect(Prompt(stream, end: 24)?.tokens == Array(stream.prefix(5)), "what ends there has ended")
    #expect(Prompt(stream, end: 14)?.tokens == Array(stream.prefix(3)) + [.timeShift(10)])
    #expect(Prompt(stream, end: 1000)?.tokens == stream)
    #expect(Prompt(stream, end: 4) == nil && Prompt([]) == nil && Prompt(tokens("TIME_SHIFT 5")) == nil)
    // What no encoder writes is written anew.
    let odd = tokens("NOTE_ON 60,TIME_SHIFT 3,TIME_SHIFT 3,NOTE_OFF 61,NOTE_ON 60,TIME_SHIFT 1")
    let mended = tokens("VELOCITY_CHANGE mf,NOTE_ON 60,TIME_SHIFT 6,NOTE_OFF 60,NOTE_ON 60,TIME_SHIFT 1,NOTE_OFF 60")
    #expect(Prompt(odd)?.tokens == mended)
  }

  /// The latents of a prompt are those of its end, as the encoder hears it.
  @Test func aPromptHasLatents() throws {
    let model = try tinyModel()
    let takes = try [piece(3, notes: 90), piece(4, notes: 90)].map { piece in
      let prompt = try #require(Prompt(piece))
      return take(model, settings(length: 64 * 200) { $0.prompt = prompt })
    }
    #expect(takes[0] != takes[1])
  }

  /// A note whose start the model has forgotten does not sound for ever.
  @Test func forgottenNotesEnd() throws {
    let model = try tinyModel(TinyModel.plain)
    var settings = settings(length: 64 * 3000) {
      $0.prompt = Prompt(tokens("VELOCITY_CHANGE f,NOTE_ON 0,TIME_SHIFT 1"))
    }
    settings.sampling = SamplingOptions(topP: 0.3)
    let session = GenerationSession(model, settings)
    var (count, longest) = (3, 0)
    var starts = [0: 1]
    while let token = session.next() {
      let id = Int(token.rawValue)
      if id < 128 {
        starts[id] = count
      } else if id < 256, let start = starts.removeValue(forKey: id - 128) {
        longest = max(longest, count - start)
      }
      count += 1
    }
    #expect(count > 400 && longest > 20)
    // The tick in which it is forgotten must be over, and others may come first.
    #expect(longest <= 128 + 60)
  }
}
