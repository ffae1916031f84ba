public import Inference
internal import ModelFormat
internal import MusicCore
internal import MusicFeatures
public import MusicTokens

/// A take in the making: tokens of a model, one after another.
///
///     let session = GenerationSession(model, GenerationSettings(seed: 7))
///     while let token = try session.next() { play(token) }
///
/// With a critic the music is made phrase by phrase, each in several candidates of which the critic chooses one; its tokens
/// then come one after another.
///
/// A token takes no memory, except where a window of the model ends and new latents are drawn. All randomness is from the
/// seed: the same settings give the same take, on one machine. A session is for one thread at a time.
public final class GenerationSession {
  public let settings: GenerationSettings
  let stream: TokenStream

  /// What a candidate changes besides the stream.
  struct Progress {
    var generator: SplitMix64
    /// What is left to release when the time is up.
    var releases: [Token] = []
    var isOver = false
    var isEndedByModel = false
  }
  var progress: Progress
  /// What the critic has chosen and is still to be given out.
  var planned = PlannedTokens()

  /// Ticks since the start of the prompt, or of the take where there is none.
  public var time: Int { stream.grammar.time - planned.ticks }
  /// Whether the model ended the take, and not the time.
  public var isEndedByModel: Bool { progress.isEndedByModel }

  /// Begins a take. The model has read nothing yet: the first token takes longer than those after it.
  ///
  /// - Precondition: The model has latents where the settings take them from music.
  public init(_ model: Model, _ settings: GenerationSettings) {
    self.settings = settings
    progress = Progress(generator: SplitMix64(seed: settings.seed))
    var grammar = settings.prompt?.grammar ?? Grammar()
    grammar.constraints = settings.constraints
    if let length = settings.length { grammar.end = grammar.time + length }
    // A phrase of the window is left, a quarter at most, for music under latents that the prompt has no part in.
    let c = model.configuration
    let length = c.latents?.windowLength ?? c.window
    let window = settings.prompt?.tail(length - min(c.latents?.phraseLength ?? length, length / 4))
    // The way back to the start of a phrase must be shorter than a chunk.
    stream = TokenStream(
      model, settings.sampling, grammar, source: settings.latents, keyboard: window?.start ?? KeyboardState(),
      chunk: settings.choice == nil ? 64 : PlannedTokens.phrase + 64)
    planned.heard = (settings.prompt?.tokens ?? []).map(\.rawValue)
    guard let window else { return }
    if let prior = model.prior, let shape = c.latents {
      stream.use(prior.complete(encode(window, shape), using: &progress.generator), using: &progress.generator)
    }
    stream.append(window.tokens.compactMap(Token.init(rawValue:)))
  }

  /// Takes the end of a prompt as what the model has heard.
  private func encode(_ window: TokenWindow, _ shape: Configuration.Latents) -> Latents {
    var latents = stream.model.encode(window).draw(using: &progress.generator).latents
    // A segment that is not over is the model's to finish: its latent would say that there is no more of it.
    latents.locals.removeLast(latents.locals.count - window.tokens.count / shape.localLength)
    return latents
  }

  /// The next token, or nil at the end. Where the time is up, or the model ends, nothing sounds any more.
  ///
  /// - Throws: `GenerationError` where the model computes nothing finite to choose from, which ends the take.
  public func next() throws(GenerationError) -> Token? {
    if let token = planned.next() { return token }
    if !progress.releases.isEmpty { return progress.releases.removeFirst() }
    guard !progress.isOver else { return nil }
    guard let choice = settings.choice else { return try draw() }
    try plan(choice)
    return try next()
  }

  /// The next token by the model alone; nil where it ends the take.
  func draw() throws(GenerationError) -> Token? {
    let token: Token?
    do throws(GenerationError) { token = try stream.next(using: &progress.generator) } catch {
      progress.isOver = true
      throw error
    }
    guard let token else {
      (progress.isOver, progress.isEndedByModel) = (true, true)
      return nil
    }
    // A take has a note, whatever the model thinks of its beginning.
    if token.isNoteOn { stream.grammar.mayEnd = settings.mayEnd }
    if stream.grammar.isOver {
      progress.releases = stream.grammar.releases
      progress.isOver = true
    }
    return token
  }
}
