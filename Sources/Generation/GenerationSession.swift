public import Inference
internal import ModelFormat
internal import MusicCore
public import MusicTokens

/// A take in the making: tokens of a model, one after another.
///
///     let session = GenerationSession(model, GenerationSettings(seed: 7))
///     while let token = try session.next() { play(token) }
///
/// A token takes no memory, except where a window of the model ends and new latents are drawn. All randomness is from the
/// seed: the same settings give the same take, on one machine. A session is for one thread at a time.
public final class GenerationSession {
  public let settings: GenerationSettings
  /// Whether the model ended the take, and not the time.
  public private(set) var isEndedByModel = false

  private let state: DecoderState
  private let sampler: Sampler
  private var generator: SplitMix64
  private var grammar: Grammar
  private var latents: Latents?
  private var windows = 0
  /// What the model has not taken in yet: BOS and prompt, then the last token.
  private var pending: [Int]
  /// What is left to release when the time is up.
  private var releases: [Token] = []
  private var isOver = false

  /// Ticks since the start of the prompt, or of the take where there is none.
  public var time: Int { grammar.time }

  /// Begins a take. The model has heard nothing yet: the first token takes longer than those after it.
  ///
  /// - Precondition: The model has latents where the settings take them from music.
  public init(_ model: Model, _ settings: GenerationSettings) {
    self.settings = settings
    state = DecoderState(model)
    sampler = Sampler(settings.sampling, capacity: Configuration.Vocabulary.logitCount)
    generator = SplitMix64(seed: settings.seed)
    grammar = settings.prompt?.grammar ?? Grammar()
    grammar.constraints = settings.constraints
    if let length = settings.length { grammar.end = grammar.time + length }
    pending = [Configuration.Vocabulary.bos]
    let heard = settings.prompt.flatMap { hear($0, model) }
    nextWindow(heard)
  }

  /// Takes the end of a prompt as what the model has heard.
  private func hear(_ prompt: Prompt, _ model: Model) -> Latents? {
    let c = model.configuration
    // A phrase of the window is left, a quarter at most, for music under latents that the prompt has no part in.
    let (window, first) = prompt.tail(c.window - min(c.latents?.phraseLength ?? c.window, c.window / 4))
    grammar.firstRemembered = first
    pending += window
    guard let shape = c.latents, !window.isEmpty else { return nil }
    var latents = model.encode(window).draw(using: &generator).latents
    // A segment that is not over is the model's to finish: its latent would say that there is no more of it.
    latents.locals.removeLast(latents.locals.count - window.count / shape.localLength)
    return latents
  }

  /// Takes latents for the window that begins; those that are known already, of a prompt, are kept.
  private func nextWindow(_ known: Latents? = nil) {
    guard let prior = state.model.prior else { return }
    let next =
      known.map { prior.complete($0, using: &generator) }
      ?? settings.latents.latents(ofWindow: windows, after: latents, prior, using: &generator)
    state.use(next)
    latents = next
    windows += 1
  }

  /// The next token, or nil at the end. Where the time is up, or the model ends, nothing sounds any more.
  ///
  /// - Throws: `GenerationError` where the model computes nothing finite to choose from, which ends the take.
  public func next() throws(GenerationError) -> Token? {
    if !releases.isEmpty { return releases.removeFirst() }
    guard !isOver else { return nil }
    let logits = predict()
    let choice = logits.withUnsafeMutableLogits { logits in
      grammar.choices.mask(logits)
      return sampler.choose(UnsafeBufferPointer(logits), using: &generator)
    }
    guard let index = choice else {
      isOver = true
      throw .notFinite
    }
    guard let chosen = Token(rawValue: UInt16(index)) else {
      (isOver, isEndedByModel) = (true, true)
      return nil
    }
    let token = grammar.cut(chosen)
    take(token)
    return token
  }

  private func predict() -> Logits {
    if pending.count > 1 {
      defer { pending.removeLast(pending.count - 1) }
      return state.prefill(pending)
    }
    if state.position > 0, state.position % state.model.configuration.window == 0 { nextWindow() }
    return state.step(pending[0])
  }

  private func take(_ token: Token) {
    pending[0] = Int(token.rawValue)
    grammar.apply(token)
    // A take has a note, whatever the model thinks of its beginning.
    if token.rawValue < 128 { grammar.mayEnd = settings.mayEnd }
    grammar.firstRemembered = max(grammar.firstRemembered, grammar.count - state.model.configuration.window)
    if grammar.isOver {
      releases = grammar.releases
      isOver = true
    }
  }
}
