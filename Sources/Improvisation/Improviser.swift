package import Generation
package import Inference
internal import ModelFormat
internal import MusicAnalysis
package import MusicCore
internal import MusicFeatures
package import MusicTokens
internal import Parallelism

/// A musician that generates with a model: it reads both players as one stream of tokens. Its plan is the tail of that
/// stream, which is rewound if something else happens.
///
/// It generates several candidates from the same position, and plays the one with the lowest cost as an answer to the
/// call. All randomness comes from the seed: the same calls at the same times get the same answers on any machine.
package final class Improviser: Musician {
  package var settings: ImproviserSettings
  /// The number of phrases that ended because the model's output was not finite.
  package private(set) var failures = 0
  package private(set) var follower: KeyFollower
  /// How much of what was planned came true.
  package private(set) var plannedTokens = PlannedTokens()

  private let model: Model
  private var stream: TokenStream
  /// The random number generator for latents.
  private var generator: SplitMix64
  /// The position after the final tokens, and the planned tokens after it.
  private var certain: TokenStream.Mark
  private var tail: [Token] = []
  /// The latest final tokens and the state of the keyboard before them, for starting a new stream.
  private var history = TokenHistory(capacity: 1024)
  private var rehearsal: Rehearsal?
  /// The global latent of the music studied last, until it is used.
  private var latent: Computation<[Float]>?
  private var segments: UInt64 = 0
  /// The rest of the quote that the previous stretch began.
  private var openQuote: [Token] = []
  private var notes = RecentNotes()
  /// The key that is being estimated, and the playing time that it is of.
  private var estimate: (key: Computation<KeyEstimate?>, time: Tick)?
  /// The pitch classes that notes may start on; nil for all.
  private var pitchClasses: PitchClassSet?

  /// The largest number of tokens that can be rewound: the plan and one candidate.
  private static let chunk = 512

  package init(_ model: Model, _ settings: ImproviserSettings) {
    self.model = model
    self.settings = settings
    generator = SplitMix64(keys: settings.seed, 0)
    follower = KeyFollower(settings.key)
    pitchClasses = follower.pitchClasses(heard: [])
    stream = Self.stream(model, settings)
    certain = stream.mark(using: &generator)
  }

  private static func stream(
    _ model: Model, _ settings: ImproviserSettings, _ grammar: Grammar? = nil,
    keyboard: KeyboardState = KeyboardState()
  ) -> TokenStream {
    var beginning = Grammar()
    beginning.mayBeginWithShift = true
    let stream = TokenStream(
      model, settings.effectiveSampling, grammar ?? beginning, keyboard: keyboard, chunk: Self.chunk)
    stream.isScoring = true
    return stream
  }

  /// How tokens are sampled.
  package var sampling: SamplingOptions {
    get { stream.sampling }
    set { stream.sampling = newValue }
  }

  package func adjust(_ adjustment: Adjustment) {
    switch adjustment {
    case .temperature(let temperature): stream.sampling.temperature = Float(temperature)
    case .develop(let develop):
      settings.develop = develop
      stream.sampling.recurrence = settings.effectiveSampling.recurrence
    case .dynamics(let level): settings.dynamics = .level(level)
    case .keyLock(let isOn): follower.isLocked = isOn
    case .forget:
      forget()
      (notes, estimate, follower) = (RecentNotes(), nil, KeyFollower(settings.key))
      pitchClasses = follower.pitchClasses(heard: [])
      history.clear()
      latent = nil
      beginAnew([], tail)
    case .answer, .mode: break
    }
  }

  // MARK: Hearing

  package func receive(_ message: ChannelMessage, at tick: Tick) { notes.receive(message, at: tick) }

  package func reflect(at tick: Tick, waiting: Bool) {
    guard settings.key == .auto else { return }
    adoptEstimate()
    if notes.fresh > 0 {
      let (time, music) = (notes.playingTime(at: tick), notes.score(at: tick))
      estimate = (Computation { HarmonyAnalysis.key(of: music) }, time)
    }
    if waiting { adoptEstimate() }
    pitchClasses = follower.pitchClasses(heard: notes.durations(at: tick))
  }

  private func adoptEstimate() {
    if let (key, time) = estimate, let key = key.result { follower.follow(key, at: time) }
    estimate = nil
  }

  package func hear(_ newlyCertain: [Token], planned: [Token]) {
    forget()
    let target = newlyCertain + planned
    let known = zip(tail, target).prefix { $0 == $1 }.count
    plannedTokens.compare(confirmed: min(known, newlyCertain.count), refuted: tail.count - known)
    if known < tail.count {
      guard certain.count + known >= stream.firstCount else { return beginAnew(newlyCertain, planned) }
      stream.rewind(to: mark(after: target[..<known]))
    }
    target[known...].forEach(stream.hear)
    certain = mark(after: newlyCertain[...])
    history.append(newlyCertain)
    tail = planned
    stream.settle(using: &generator)
  }

  /// The position after the final tokens and `tokens`.
  private func mark(after tokens: ArraySlice<Token>) -> TokenStream.Mark {
    var mark = certain
    for token in tokens { mark.grammar.apply(token) }
    mark.count += tokens.count
    mark.last = tokens.last.map { Int($0.rawValue) } ?? mark.last
    return mark
  }

  /// Starts a new stream from the latest tokens, if more must be rewound than the stream can.
  private func beginAnew(_ newlyCertain: [Token], _ planned: [Token]) {
    certain = mark(after: newlyCertain[...])
    history.append(newlyCertain)
    tail = planned
    var grammar = certain.grammar
    planned.forEach { grammar.apply($0) }
    let (sampling, source) = (stream.sampling, stream.source)
    stream = Self.stream(model, settings, grammar, keyboard: history.keyboard)
    (stream.sampling, stream.source) = (sampling, source)
    stream.append(history.tokens + planned)
    stream.settle(using: &generator)
    certain.count = history.tokens.count + 1
  }

  package func study(_ music: [Token]) {
    guard let shape = model.configuration.latents, !music.isEmpty else { return }
    // As many tokens as `generate` reads of a prompt.
    let length = shape.windowLength - min(shape.phraseLength, shape.windowLength / 4)
    var keyboard = KeyboardState()
    for token in music.dropLast(length) { keyboard.apply(token.rawValue) }
    let window = TokenWindow(tokens: music.suffix(length).map(\.rawValue), start: keyboard)
    latent = Computation { [model] in model.encode(window).global.mean }
  }

  package func attune() {
    guard let prior = model.prior, let global = latent?.result else { return }
    latent = nil
    stream.source = .under(global)
    let latents = prior.complete(Latents(global: global, phrases: [], locals: []), using: &generator)
    stream.use(latents, using: &generator)
  }

  // MARK: Thinking

  package var isThinking: Bool { rehearsal != nil }

  package func forget() {
    guard let rehearsal else { return }
    stream.rewind(to: rehearsal.start)
    self.rehearsal = nil
  }

  package func begin(_ request: PlanRequest) {
    forget()
    plannedTokens.plan(isFirst: request.isFirst)
    segments += 1
    rehearsal = Rehearsal(
      request, from: stream.mark(using: &generator), settings, pitchClasses: pitchClasses, openQuote: openQuote,
      number: segments)
  }

  package func think() -> Segment? {
    guard var rehearsal else { return nil }
    do throws(GenerationError) {
      self.rehearsal = nil
      guard var choice = try rehearsal.goOn(on: stream) else {
        self.rehearsal = rehearsal
        return nil
      }
      // Reading the chosen tokens again draws nothing at random.
      stream.rewind(to: rehearsal.start)
      choice.tokens.forEach(stream.hear)
      tail += choice.tokens
      openQuote = choice.openQuote
      choice.segment.key = follower.key
      return choice.segment
    } catch {
      failures += 1
      stream.rewind(to: rehearsal.start)
      return Segment(until: rehearsal.request.until, isLast: true)
    }
  }
}

/// The latest tokens of a stream, and the state of the keyboard before them.
struct TokenHistory {
  let capacity: Int
  private(set) var tokens: [Token] = []
  private(set) var keyboard = KeyboardState()

  init(capacity: Int) { self.capacity = capacity }

  /// Removes the tokens, but keeps the state of the keyboard after them.
  mutating func clear() {
    for token in tokens { keyboard.apply(token.rawValue) }
    tokens = []
  }

  mutating func append(_ new: [Token]) {
    tokens += new
    // Trimmed rarely, so that appending is O(1) amortized.
    guard tokens.count > 2 * capacity else { return }
    for token in tokens.dropLast(capacity) { keyboard.apply(token.rawValue) }
    tokens.removeFirst(tokens.count - capacity)
  }
}
