import Generation
import Inference
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// The choice of an ending for a take that reaches its maximum length.
@Suite struct ClosingTests {
  /// Key probabilities that are certain of C major.
  private static let cMajor: InlineArray<24, Float> = {
    var keys = InlineArray<24, Float>(repeating: 0)
    keys[0] = 1
    return keys
  }()

  /// The end that is chosen in a continuation among the places where no note sounds, all with the same end probability.
  private func end(_ text: String, _ probability: Float = -5, within latest: Int = 10_000) -> [Token]? {
    var closing = Closing(sounding: PitchSet())
    var sounding = 0
    for token in tokens(text) {
      closing.append(token)
      if token.isNoteOn { sounding += 1 }
      if token.isNoteOff { sounding -= 1 }
      if token.isNoteOff, sounding == 0 { closing.mayEnd(probability, Self.cMajor) }
    }
    return closing.end(within: latest)?.tokens
  }

  private static let dominant = "NOTE_ON 55,NOTE_ON 59,NOTE_ON 62,TIME_SHIFT 90,NOTE_OFF 55,NOTE_OFF 59,NOTE_OFF 62"
  private static let tonic = "NOTE_ON 48,NOTE_ON 64,NOTE_ON 67,TIME_SHIFT 90,NOTE_OFF 48,NOTE_OFF 64,NOTE_OFF 67"
  /// The tonic triad in first inversion.
  private static let sixth = "NOTE_ON 52,NOTE_ON 60,NOTE_ON 67,TIME_SHIFT 90,NOTE_OFF 52,NOTE_OFF 60,NOTE_OFF 67"
  private static let rest = ",TIME_SHIFT 10,"

  @Test func theTonicIsTheBetterEnd() {
    let (dominant, tonic, sixth, rest) = (Self.dominant, Self.tonic, Self.sixth, Self.rest)
    #expect(end(dominant + rest + tonic + rest + dominant) == tokens(dominant + rest + tonic))
    #expect(end(tonic + rest + dominant) == tokens(tonic))
    #expect(end(sixth + rest + tonic + rest + sixth) == tokens(sixth + rest + tonic))
    #expect(end(dominant + rest + sixth + rest + dominant) == tokens(dominant + rest + sixth))
  }

  /// A higher end probability of the model outweighs the harmony.
  @Test func theEndProbabilityOfTheModelCounts() throws {
    var closing = Closing(sounding: PitchSet())
    for token in tokens(Self.tonic) { closing.append(token) }
    closing.mayEnd(-12, Self.cMajor)
    for token in tokens(String(Self.rest.dropFirst()) + Self.dominant) { closing.append(token) }
    closing.mayEnd(-1, Self.cMajor)
    #expect(try #require(closing.end(within: 1000)).tokens.count == closing.tokens.count)
  }

  /// The last chord is held for at least 80 ticks if there is time.
  @Test(arguments: [(10_000, 80), (50, 50), (20, 20), (15, 20)])
  func theLastChordIsHeld(within latest: Int, ticks: Int) {
    let chord = "NOTE_ON 48,NOTE_ON 64,TIME_SHIFT 12,NOTE_OFF 64,TIME_SHIFT 8,NOTE_OFF 48"
    let expected = "NOTE_ON 48,NOTE_ON 64,TIME_SHIFT \(12 + ticks - 20),NOTE_OFF 64,TIME_SHIFT 8,NOTE_OFF 48"
    #expect(end(chord, within: latest) == tokens(expected))
  }

  @Test func musicWithoutRestsHasNoEnd() {
    #expect(end("NOTE_ON 60,TIME_SHIFT 9,NOTE_ON 64,NOTE_OFF 60,TIME_SHIFT 9") == nil)
    // Note-offs of earlier notes alone do not make an ending.
    var closing = Closing(sounding: [60])
    for token in tokens("TIME_SHIFT 9,NOTE_OFF 60") { closing.append(token) }
    closing.mayEnd(-1, Self.cMajor)
    #expect(closing.end(within: 100) == nil)
  }

  /// The restatement in the last section of a form is played in full before the take ends.
  @Test func aFormIsWholeBeforeItEnds() throws {
    let model = try tinyModel()
    for seed in 1...4 as ClosedRange<UInt64> {
      var settings = try settings(seed, closes: true, candidates: 1)
      settings.form = Form("ABA")
      let closed = try take(model, settings)
      settings.closes = false
      let open = try take(model, settings)
      let common = zip(closed, open).prefix { $0 == $1 }.map(\.0)
      #expect(common.ticks >= 64 * 110 && closed.ticks <= 64 * 120)
      _ = try TokenDecoder(isStrict: true).decode(closed)
    }
  }

  private func settings(_ seed: UInt64, closes: Bool, candidates: Int) throws -> GenerationSettings {
    var settings = GenerationSettings(seed: seed)
    (settings.length, settings.mayEnd, settings.closes) = (TokenTime(Seconds(120)), false, closes)
    settings.constraints = try #require(Constraints(maximumPolyphony: 1))
    // A composed chart has another end if the take closes.
    settings.harmony = .free
    if candidates > 1 {
      let folder = try TemporaryFolder()
      try SyntheticCritic().write(to: folder.path("critic.safetensors"))
      let critic = try Critic(path: folder.path("critic.safetensors"))
      settings.choice = CandidateChoice(critic: critic, candidates: candidates)
    }
    return settings
  }

  /// A take ends within its last 12 s with all notes released, and until then equals a take without an ending.
  @Test(arguments: [1, 3]) func aTakeEndsBeforeItsTimeIsUp(candidates: Int) throws {
    let model = try tinyModel()
    for seed in 1...6 as ClosedRange<UInt64> {
      let session = GenerationSession(model, try settings(seed, closes: true, candidates: candidates))
      var tokens: [Token] = []
      while let token = try session.next() {
        tokens.append(token)
        #expect(session.time == tokens.duration)
      }
      #expect(try session.next() == nil)
      #expect(session.isEndedByModel)
      #expect((64 * 108...64 * 120).contains(tokens.ticks), "\(tokens.ticks)")
      let score = try TokenDecoder(isStrict: true).decode(tokens).score
      #expect(try TokenEncoder().encode(score) == tokens)
      let open = try take(model, settings(seed, closes: false, candidates: candidates))
      #expect(open.ticks == 64 * 120)
      // With candidates, the last phrase is cut where the search for an ending begins.
      let common = zip(tokens, open).prefix { $0 == $1 }.map(\.0)
      #expect(candidates > 1 || common.ticks >= 64 * 108)
      let again = try take(model, settings(seed, closes: true, candidates: candidates))
      #expect(again == tokens)
    }
  }
}
