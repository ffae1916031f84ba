public import Inference
internal import ModelFormat
public import MusicCore
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
  /// The settings of the take.
  public let settings: GenerationSettings
  /// The take so far, with the phrase that is queued in `planned`.
  private(set) var take: TakeState
  /// States in which other continuations are sampled; they have the first `sharedCount` tokens of the take.
  private var others: [TakeState] = []
  private var sharedCount = 0
  /// The tokens that the critic selected and that are still to be returned.
  var planned = QueuedTokens()

  /// The chords of the take, and of its prompt; nil if it follows none.
  public let chart: ChordChart?

  /// The time since the start of the prompt, or of the take if there is no prompt.
  public var time: TokenTime { TokenTime(rawValue: take.stream.grammar.time - planned.ticks) }
  /// Whether the model ended the take before its length was reached.
  public var isEndedByModel: Bool { take.progress.isEndedByModel }

  /// Begins a take. The prompt is read when the first token is requested, which therefore takes longer than the others.
  ///
  /// - Precondition: The model has latents if the settings derive them from music.
  public init(_ model: Model, _ settings: GenerationSettings) {
    self.settings = settings
    var progress = TakeState.Progress(generator: SplitMix64(seed: settings.seed))
    var grammar = settings.prompt?.grammar ?? Grammar()
    grammar.constraints = settings.constraints
    grammar.adaptation = settings.adaptation
    progress.firstEnd = grammar.time + settings.minimumLength.rawValue
    if let length = settings.length?.rawValue {
      grammar.end = grammar.time + length
      if settings.closes {
        progress.closing = grammar.time + length - Closing.time(ofLength: length, settings.form)
      }
    }
    if let form = settings.form, let length = settings.length?.rawValue {
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
    let stream = TokenStream(
      model, settings.sampling, grammar, source: settings.latents, keyboard: window?.start ?? KeyboardState(),
      chunk: 64 + max(settings.choice == nil ? 0 : QueuedTokens.phrase, settings.closes ? Closing.tokens : 0))
    chart = Self.chart(for: settings, model)
    stream.chart = chart
    let usesContext = settings.choice.map { $0.usesContext && $0.critic.contextHead != nil } ?? false
    take = TakeState(settings, stream, progress, reader: usesContext ? ContextReader(model) : nil)
    planned.heard = (settings.prompt?.tokens ?? []).map(\.rawValue)
    guard let window else { return }
    if let prior = model.prior, let shape = c.latents {
      let latents = prior.complete(encode(window, shape), using: &take.progress.generator)
      stream.use(latents, using: &take.progress.generator)
    }
    stream.append(window.tokens.compactMap(Token.init(rawValue:)))
  }

  /// The chords of a take and its prompt; nil for a model without charts.
  private static func chart(for settings: GenerationSettings, _ model: Model) -> ChordChart? {
    // With a generator of its own, so that a chart of the same chords changes nothing else.
    var generator = SplitMix64(keys: settings.seed, 4)
    let start = settings.prompt?.length ?? .zero
    switch settings.harmony {
    case .free: return nil
    case .given(let chart):
      guard model.configuration.chart != nil else { return nil }
      return chart.changed(semitones: 0) { $0 + start }.after(settings.prompt?.chart)
    case .composed(let sampling):
      guard let composer = ChartComposer(model, sampling) else { return nil }
      let length = settings.length ?? max(settings.minimumLength, TokenTime(Seconds(60)))
      let end = start + length
      // An end that the model finds by itself, or one near the end of the length.
      let isOpen = settings.mayEnd && settings.form == nil
      let last = TokenTime(rawValue: length.rawValue - Closing.time(ofLength: length.rawValue, settings.form))
      let ending = isOpen ? start + settings.minimumLength : settings.closes ? start + last : nil
      guard var chart = settings.prompt?.chart, !chart.entries.isEmpty else {
        return composer.chart(ofLength: end, endingFrom: ending, using: &generator)
      }
      composer.extend(&chart, to: end, endingFrom: ending, using: &generator)
      return chart
    }
  }

  /// Draws latents from the posterior of the end of a prompt.
  private func encode(_ window: TokenWindow, _ shape: Configuration.Latents) -> Latents {
    var latents = take.stream.model.encode(window).draw(using: &take.progress.generator).latents
    // The latent of an incomplete segment is dropped: it would encode that the segment ends here.
    latents.locals.removeLast(latents.locals.count - window.tokens.count / shape.localLength)
    return latents
  }

  /// The next token, or nil at the end of the take, at which all notes have been released.
  ///
  /// - Throws: `GenerationError` if the logits are not finite, which ends the take.
  public func next() throws(GenerationError) -> Token? {
    if let token = planned.next() { return token }
    if !take.progress.releases.isEmpty { return take.progress.releases.removeFirst() }
    guard !take.progress.isOver else { return nil }
    if take.isClosingDue {
      try close()
      return try next()
    }
    guard let choice = settings.choice else { return try take.draw() }
    try plan(choice)
    return try next()
  }

  // MARK: Continuations

  /// Copies of the state of the take for sampling several continuations; the first one is the state itself.
  ///
  /// The model must have read all tokens but the last (`TokenStream.mark`), and the take must then continue from one of
  /// these states (`goOn`).
  func fork(into count: Int) -> [TakeState] {
    for other in others { other.copy(take, after: sharedCount) }
    while others.count < count - 1 { others.append(TakeState(copying: take)) }
    sharedCount = take.stream.count
    return [take] + others.prefix(count - 1)
  }

  /// Continues the take from the state with this index among those of the last `fork`.
  func goOn(from index: Int) {
    if index > 0 { swap(&take, &others[index - 1]) }
  }
}
