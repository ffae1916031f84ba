public import Inference
internal import ModelFormat
internal import MusicCore
internal import MusicFeatures
public import MusicTokens

/// Generates one take: a sequence of tokens sampled from a model.
///
///     let session = GenerationSession(model, GenerationSettings(seed: 7))
///     while let token = try session.next() { play(token) }
///
/// With a critic, the session samples several candidates for each phrase, selects one by the critic's scores, and then
/// returns its tokens one by one.
///
/// Sampling a token allocates no memory, except at the end of a latent window, where new latents are drawn. All
/// randomness comes from the seed: the same settings give the same take on the same machine. A session must be used by
/// one thread at a time.
public final class GenerationSession {
  public let settings: GenerationSettings
  let stream: TokenStream

  /// The state, beside the stream's, that sampling a candidate changes.
  struct Progress {
    var generator: SplitMix64
    /// The note ends still to be returned when the time is up.
    var releases: [Token] = []
    var isOver = false
    var isEndedByModel = false
    /// The sections of the form; nil without one.
    var sections: Sections?
    /// The tick from which on the take looks for its end; nil if it does not, or no longer.
    var closing: Int?
  }
  var progress: Progress
  /// The tokens that the critic selected and that are still to be returned.
  var planned = PlannedTokens()

  /// The time in ticks since the start of the prompt, or of the take if there is no prompt.
  public var time: Int { stream.grammar.time - planned.ticks }
  /// Whether the model ended the take before its length was reached.
  public var isEndedByModel: Bool { progress.isEndedByModel }

  /// Begins a take. The prompt is read when the first token is requested, which therefore takes longer than the others.
  ///
  /// - Precondition: The model has latents if the settings derive them from music.
  public init(_ model: Model, _ settings: GenerationSettings) {
    self.settings = settings
    progress = Progress(generator: SplitMix64(seed: settings.seed))
    var grammar = settings.prompt?.grammar ?? Grammar()
    grammar.constraints = settings.constraints
    grammar.adaptation = settings.adaptation
    if let length = settings.length {
      grammar.end = grammar.time + length
      if settings.closes {
        progress.closing = grammar.time + length - Closing.time(ofLength: length, settings.form)
      }
    }
    if let form = settings.form, let length = settings.length {
      let sections = Sections(form, from: grammar.time, length: length)
      sections.begin(&grammar)
      progress.sections = sections
    }
    // A phrase of the window (at most a quarter) is left free, for music under latents that do not come from the
    // prompt.
    let c = model.configuration
    let length = c.latents?.windowLength ?? c.window
    let window = settings.prompt?.tail(length - min(c.latents?.phraseLength ?? length, length / 4))
    // Rewinding to the start of a phrase, or of a closing, must stay within a chunk.
    stream = TokenStream(
      model, settings.sampling, grammar, source: settings.latents, keyboard: window?.start ?? KeyboardState(),
      chunk: 64 + max(settings.choice == nil ? 0 : PlannedTokens.phrase, settings.closes ? Closing.tokens : 0))
    planned.heard = (settings.prompt?.tokens ?? []).map(\.rawValue)
    guard let window else { return }
    if let prior = model.prior, let shape = c.latents {
      stream.use(prior.complete(encode(window, shape), using: &progress.generator), using: &progress.generator)
    }
    stream.append(window.tokens.compactMap(Token.init(rawValue:)))
  }

  /// Draws latents from the posterior of the end of a prompt.
  private func encode(_ window: TokenWindow, _ shape: Configuration.Latents) -> Latents {
    var latents = stream.model.encode(window).draw(using: &progress.generator).latents
    // The latent of an incomplete segment is dropped: it would encode that the segment ends here.
    latents.locals.removeLast(latents.locals.count - window.tokens.count / shape.localLength)
    return latents
  }

  /// The next token, or nil at the end of the take, at which all notes have been released.
  ///
  /// - Throws: `GenerationError` if the logits are not finite, which ends the take.
  public func next() throws(GenerationError) -> Token? {
    if let token = planned.next() { return token }
    if !progress.releases.isEmpty { return progress.releases.removeFirst() }
    guard !progress.isOver else { return nil }
    if isClosingDue {
      try close()
      return try next()
    }
    guard let choice = settings.choice else { return try draw() }
    try plan(choice)
    return try next()
  }

  /// The next token without a critic: what restates an earlier section, or a sample of the model; nil if the model ends the
  /// take.
  func draw() throws(GenerationError) -> Token? {
    if let token = progress.sections?.next() {
      stream.hear(token)
      return token
    }
    let token: Token?
    do throws(GenerationError) { token = try stream.next(using: &progress.generator) } catch {
      progress.isOver = true
      throw error
    }
    guard let token else {
      (progress.isOver, progress.isEndedByModel) = (true, true)
      return nil
    }
    // The model may end a take only after its first note.
    if token.isNoteOn { stream.grammar.mayEnd = settings.mayEnd && settings.form == nil }
    progress.sections?.append(token, &stream.grammar)
    if stream.grammar.isOver, progress.sections?.advance(&stream.grammar) != true {
      progress.releases = stream.grammar.releases
      progress.isOver = true
    }
    return token
  }
}
