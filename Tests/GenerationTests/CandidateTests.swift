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
}
