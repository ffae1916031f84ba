import Generation
import Inference
import ModelFormat
import MusicCore
import MusicTokens
import TestSupport
import Testing

struct CandidateTests {
  private let model: Model
  private let critic: Critic

  init() throws {
    let folder = try TemporaryFolder()
    var synthetic = SyntheticCritic()
    // A critic with confident scores, so that its choice of candidate has an effect.
    synthetic.metadata.calibration.combined.slope = 4
    try synthetic.write(to: folder.path("critic.safetensors"))
    model = try tinyModel()
    critic = try Critic(path: folder.path("critic.safetensors"))
  }

  private func settings(_ seed: UInt64, candidates: Int, seconds: Int = 1500) -> GenerationSettings {
    var settings = GenerationSettings(seed: seed)
    settings.length = TokenTime(Seconds(Double(seconds)))
    settings.mayEnd = false
    if candidates > 1 { settings.choice = CandidateChoice(critic: critic, candidates: candidates) }
    return settings
  }

  /// The tokens of a take. Checks that the session's time is that of the tokens it has returned.
  private func take(_ settings: GenerationSettings) throws -> (tokens: [Token], session: GenerationSession) {
    let session = GenerationSession(model, settings)
    let start = session.time
    var tokens: [Token] = []
    while let token = try session.next() {
      tokens.append(token)
      #expect(session.time - start == tokens.duration)
    }
    return (tokens, session)
  }

  @Test func aSeedDeterminesTheTake() throws {
    let first = try take(settings(3, candidates: 3)).tokens
    #expect(try take(settings(3, candidates: 3)).tokens == first)
    #expect(try take(settings(4, candidates: 3)).tokens != first)
    #expect(try take(settings(3, candidates: 1)).tokens != first)
    // Long enough for several phrases and latent windows.
    #expect(first.count > 400)
  }

  /// With temperature 0 and no latents all candidates are the same as the take without candidates. Rewinding, and
  /// continuing from a candidate other than the last, change nothing, even past the model's window.
  @Test(arguments: [nil, "ABAB"]) func rewindingChangesNothing(form: String?) throws {
    let plain = try load(SyntheticModel.plain)
    var single = settings(5, candidates: 1, seconds: 1500)
    single.sampling.temperature = 0
    single.form = form.flatMap { Form($0) }
    var several = single
    several.choice = settings(5, candidates: 4).choice
    let expected = try GenerationTests.take(plain, single)
    #expect(try GenerationTests.take(plain, several) == expected)
    #expect(expected.count > 300)
  }

  /// The number of threads that sample candidates and endings does not matter.
  @Test(arguments: [1, 3]) func threadsChangeNothing(candidates: Int) throws {
    var settings = settings(6, candidates: candidates, seconds: 900)
    settings.closes = true
    let expected = try take(settings).tokens
    for threads in [2, 3, 16] {
      settings.threads = threads
      #expect(try take(settings).tokens == expected)
    }
    // Several phrases before the ending.
    #expect(expected.count > 200)
  }

  @Test func constraintsAndPromptsHold() throws {
    let prompt = try #require(try Prompt([768, 60, 300, 188, 64, 330, 192].compactMap(Token.init(rawValue:))))
    var settings = settings(7, candidates: 4, seconds: 30)
    settings.prompt = prompt
    settings.constraints = try #require(Constraints(scale: Scale("C major"), maximumPolyphony: 2))
    let tokens = try take(settings).tokens
    let decoded = try TokenDecoder(isStrict: true).decode(prompt.tokens + tokens)
    #expect(decoded.repairs.isEmpty)
    let white: Set = [0, 2, 4, 5, 7, 9, 11]
    for token in tokens {
      if case .noteOn(let pitch) = token.meaning { #expect(white.contains(Int(pitch.rawValue) % 12)) }
    }
    #expect(tokens.ticks == 30 * 64)
  }

  /// Candidates are chosen by the critic: those that are chosen have a higher realism than the average candidate.
  @Test func theCriticDecides() throws {
    var (chosen, offered) = (0.0, 0.0)
    for seed in 0..<3 as Range<UInt64> {
      let outcome = try #require(try take(settings(seed, candidates: 4, seconds: 400)).session.choiceOutcome)
      #expect(outcome.phrases > 0)
      chosen += try #require(outcome.realism)
      offered += try #require(outcome.realismOfCandidates)
    }
    #expect(chosen > offered, "\(chosen) of \(offered)")
    #expect(try take(settings(1, candidates: 1)).session.choiceOutcome == nil)
  }

  /// A critic with a context head of which only the weight of the towers and some of the states' are not zero.
  private func critic(towers: Float, states: (Int) -> Float) throws -> Critic {
    let folder = try TemporaryFolder()
    let c = model.configuration
    var synthetic = SyntheticCritic(
      CriticConfiguration(
        width: 32, heads: 2, context: CriticConfiguration.Context(layers: c.decoderLayers, width: c.width)))
    synthetic.metadata.calibration.combined.slope = 4
    let count = c.decoderLayers * c.width
    synthetic.tensors["context.weight"] = (0..<count).map(states) + [towers]
    synthetic.tensors["context.bias"] = [0]
    try synthetic.write(to: folder.path("critic.safetensors"))
    return try Critic(path: folder.path("critic.safetensors"))
  }

  /// A context head that returns the score of the towers changes nothing; one that knows the states of the model changes
  /// the choice, if it is used.
  @Test func theContextHeadDecides() throws {
    let plain = try critic(towers: 1) { _ in 0 }
    let knowing = try critic(towers: 0) { $0 % 3 == 0 ? 0.4 : -0.2 }
    func tokens(_ critic: Critic, usesContext: Bool, threads: Int = 1) throws -> [Token] {
      var settings = settings(8, candidates: 4)
      settings.choice = CandidateChoice(critic: critic, candidates: 4, usesContext: usesContext)
      settings.threads = threads
      return try take(settings).tokens
    }
    let expected = try tokens(plain, usesContext: false)
    #expect(try tokens(plain, usesContext: true) == expected)
    #expect(try tokens(knowing, usesContext: false) == expected, "the towers are the same")
    let other = try tokens(knowing, usesContext: true)
    #expect(other != expected && other.count > 400)
    #expect(try tokens(knowing, usesContext: true, threads: 3) == other)
  }

  /// The chosen phrases have a higher score by the context head than the average candidate, in a critic that knows only
  /// the states.
  @Test func contextIsThatOfTheTake() throws {
    let knowing = try critic(towers: 0) { $0 % 3 == 0 ? 0.4 : -0.2 }
    var settings = settings(9, candidates: 4)
    settings.choice = CandidateChoice(critic: knowing, candidates: 4, usesContext: true)
    let (whole, session) = try take(settings)
    let outcome = try #require(session.choiceOutcome)
    #expect(try #require(outcome.realism) > #require(outcome.realismOfCandidates))
    // The same phrases, read one after the other. The notes that are released at the end of the take belong to none.
    let tokens = whole[...(try #require(whole.lastIndex { $0.isTimeShift }))]
    let reader = ContextReader(model)
    let head = try #require(knowing.contextHead)
    var realism: [Double] = []
    for start in stride(from: 0, to: tokens.count, by: 128) {
      let phrase = tokens[start..<min(tokens.count, start + 128)].map(\.rawValue)
      realism.append(CriticCalibration.probability(head.logit(states: reader.read(phrase), towers: 0)))
    }
    #expect(realism.count >= outcome.phrases && outcome.phrases > 3)
    let mean = realism.prefix(outcome.phrases).reduce(0, +) / Double(outcome.phrases)
    #expect(abs(try #require(outcome.realism) - mean) < 1e-6)
    #expect(realism.contains { abs($0 - realism[0]) > 1e-3 })
  }
}
