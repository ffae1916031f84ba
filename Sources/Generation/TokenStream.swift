internal import Glibc
package import Inference
internal import ModelFormat
package import MusicCore
package import MusicFeatures
package import MusicTokens

/// A token stream that is extended both by a model and from outside: tokens can be appended, sampled, and taken back by
/// rewinding to a mark.
///
///     let stream = TokenStream(model, sampling)
///     stream.hear(played)
///     let mark = stream.mark()
///     while let token = try stream.next(using: &generator), isWanted(token) { … }
///     stream.rewind(to: mark)
///
/// Appended tokens are read by the model in batches, when the next token is sampled. Sampling allocates no memory,
/// except at the end of a latent window. A stream must be used by one thread at a time.
package final class TokenStream {
  package let model: Model
  /// The grammar, which determines the possible next tokens, including rules that are not in the tokens, such as an
  /// end.
  package var grammar: Grammar
  /// The source of the latents of the windows to come.
  package var source: LatentSource
  /// The log probability (nats) of the token sampled last among all possible ones, biases included, at temperature 1;
  /// only if `isScoring`.
  package private(set) var lastLogProbability: Float = 0
  package var isScoring = false
  /// The model's log probability (nats) that the piece ends before the last token; nil if the token was not sampled, or if
  /// notes sounded there or none had ended; only if `isWatchingForEnd`.
  package private(set) var lastEndLogProbability: Float?
  package var isWatchingForEnd = false

  private let state: DecoderState
  private var sampler: Sampler
  /// The latents by the position from which they are in force, in rising order; rewinding removes the later ones.
  private var courses = [LatentCourse()]
  /// The tokens that the model has not read yet: at least the last one.
  private var pending = [Configuration.Vocabulary.bos]

  /// The latents in force from a position on.
  private struct LatentCourse {
    /// The position from which the latents are in force.
    var position = 0
    /// The latents of the last windows, as many as the prior conditions on.
    var history: [Latents] = []
    var windows = 0
    /// The position at which the next latents begin.
    var next = 0
  }

  /// Creates a stream; the model has read nothing yet.
  ///
  /// - Parameters:
  ///   - keyboard: the keyboard state before the first token.
  ///   - chunk: the maximum number of tokens that are read at once, and that can be rewound.
  package init(
    _ model: Model, _ sampling: SamplingOptions, _ grammar: Grammar = Grammar(), source: LatentSource = .prior,
    keyboard: KeyboardState = KeyboardState(), chunk: Int = 64
  ) {
    self.model = model
    self.grammar = grammar
    self.source = source
    state = DecoderState(model, chunk: chunk)
    state.reset(keyboard)
    sampler = Sampler(sampling, capacity: Configuration.Vocabulary.logitCount)
  }

  /// A copy, to be extended in another way.
  func copy() -> TokenStream {
    let copy = TokenStream(model, sampling, chunk: state.chunk)
    copy.copy(self, after: 0)
    return copy
  }

  /// Makes this stream equal to another one of the same model that was created with the same chunk. O(tokens after the
  /// first `count`).
  ///
  /// - Parameter count: the number of tokens, BOS included, up to which the streams are equal.
  func copy(_ other: TokenStream, after count: Int) {
    state.copy(other.state, from: max(0, count - 1))
    grammar = other.grammar
    source = other.source
    sampling = other.sampling
    courses = other.courses
    pending = other.pending
    (isScoring, lastLogProbability) = (other.isScoring, other.lastLogProbability)
    (isWatchingForEnd, lastEndLogProbability) = (other.isWatchingForEnd, other.lastEndLogProbability)
  }

  package var sampling: SamplingOptions {
    get { sampler.options }
    set { sampler.options = newValue }
  }

  /// The number of tokens of the stream, BOS included.
  package var count: Int { state.position + pending.count }

  /// The chords of the music, with times from the start of the stream or of its prompt; nil for none.
  package var chart: ChordChart? {
    get { state.chart }
    set { state.chart = newValue }
  }

  // MARK: Tokens from outside

  /// Appends a token and advances the grammar. O(1).
  package func hear(_ token: Token) {
    lastEndLogProbability = nil
    grammar.apply(token)
    pending.append(Int(token.rawValue))
  }

  /// Appends tokens that `grammar` already includes.
  package func append(_ tokens: some Sequence<Token>) { pending += tokens.map { Int($0.rawValue) } }

  /// Lets the model read all pending tokens but the last, so that the next sample needs a single step.
  package func settle(using generator: inout SplitMix64) {
    while pending.count > 1 {
      beginWindow(using: &generator)
      let count = min(pending.count - 1, room)
      _ = state.prefill(pending.prefix(count))
      pending.removeFirst(count)
    }
  }

  /// The number of tokens until the next latents take effect.
  private var room: Int { model.prior == nil ? .max : max(1, course.next - state.position) }

  private var course: LatentCourse { courses[courses.count - 1] }

  // MARK: Latents

  /// Conditions on latents from the next sampled token on, which is the one at `offset` of their window.
  ///
  /// - Precondition: The model has latents, and `offset` lies within the window.
  package func use(_ latents: Latents, at offset: Int = 0, using generator: inout SplitMix64) {
    guard let shape = model.configuration.latents else { preconditionFailure("this model has no latents") }
    settle(using: &generator)
    put(latents, in: shape, at: offset)
  }

  /// Obtains latents for the window that begins at the end of the last one.
  private func beginWindow(using generator: inout SplitMix64) {
    guard let prior = model.prior, let shape = model.configuration.latents, state.position == course.next else {
      return
    }
    let next = source.latents(ofWindow: course.windows, after: course.history, prior, using: &generator)
    put(next, in: shape, at: 0)
  }

  private func put(_ latents: Latents, in shape: Configuration.Latents, at offset: Int) {
    state.use(latents, at: offset)
    var course = course
    course.history = Array((course.history + [latents]).suffix(shape.plan.windows - 1))
    course.windows += 1
    course.position = state.position
    course.next = state.position + shape.windowLength - offset
    courses.append(course)
    while courses.count > 1, courses[1].position < state.firstPosition { courses.removeFirst() }
  }

  // MARK: Choosing

  /// Samples the next token and appends it; nil if the model ends the stream.
  ///
  /// - Parameter bias: may change the logits of the tokens and, last, of the end; those of impossible tokens are −∞.
  /// - Throws: `GenerationError` if the logits are not finite.
  package func next(
    using generator: inout SplitMix64, bias: ((UnsafeMutableBufferPointer<Float>) -> Void)? = nil
  ) throws(GenerationError) -> Token? {
    settle(using: &generator)
    beginWindow(using: &generator)
    let logits = state.step(pending[0])
    let choice = logits.withUnsafeMutableLogits { logits in
      if isWatchingForEnd {
        lastEndLogProbability =
          grammar.isAtRest
          ? Self.logProbability(of: Configuration.Vocabulary.eosLogit, UnsafeBufferPointer(logits)) : nil
      }
      grammar.choices.mask(logits)
      bias?(logits)
      grammar.adaptation?.bias(logits, at: grammar.level)
      grammar.biasPitches(logits, sampling)
      let index = sampler.choose(UnsafeBufferPointer(logits), using: &generator)
      if isScoring, let index { lastLogProbability = Self.logProbability(of: index, UnsafeBufferPointer(logits)) }
      return index
    }
    guard let index = choice, let chosen = Token(rawValue: UInt16(index)) else {
      // The last token is pending again, because another one may follow it instead.
      state.rewind(to: state.position - 1)
      if choice == nil { throw .notFinite }
      return nil
    }
    let token = grammar.cut(isSteady(using: &generator) ? grammar.steady(chosen) : chosen)
    pending[0] = Int(token.rawValue)
    grammar.apply(token)
    return token
  }

  /// Draws whether a time shift keeps to the pulse.
  private func isSteady(using generator: inout SplitMix64) -> Bool {
    let steadiness = sampler.options.steadiness
    return steadiness == 1 || steadiness > 0 && Float.random(in: 0..<1, using: &generator) < steadiness
  }

  /// Appends a token that was chosen elsewhere, as if it had been sampled here.
  ///
  /// - Returns: its log probability (nats) among all possible tokens; nil if it is impossible and was not appended.
  package func take(_ token: Token, using generator: inout SplitMix64) -> Float? {
    guard grammar.choices.contains(token), grammar.cut(token) == token else { return nil }
    settle(using: &generator)
    beginWindow(using: &generator)
    let probability = state.step(pending[0]).withUnsafeMutableLogits { logits in
      grammar.choices.mask(logits)
      return Self.logProbability(of: Int(token.rawValue), UnsafeBufferPointer(logits))
    }
    pending[0] = Int(token.rawValue)
    grammar.apply(token)
    return probability
  }

  // MARK: Going back

  /// A position in the stream to which it can be rewound.
  package struct Mark {
    /// The number of tokens up to here, BOS included.
    package var count: Int
    /// The last of these tokens.
    package var last: Int
    package var grammar: Grammar
    /// Whether the next latents have not been drawn yet at this position.
    fileprivate var isBeforeLatents = false

    package init(count: Int, last: Int, grammar: Grammar) {
      (self.count, self.last, self.grammar) = (count, last, grammar)
    }
  }

  /// The current position, to rewind to.
  package func mark(using generator: inout SplitMix64) -> Mark {
    settle(using: &generator)
    var mark = Mark(count: count, last: pending[0], grammar: grammar)
    mark.isBeforeLatents = model.prior != nil && state.position == course.next
    return mark
  }

  /// The smallest number of tokens, BOS included, that the stream can be rewound to.
  package var firstCount: Int { state.firstPosition + 1 }

  /// Removes all tokens after a mark, and the latents drawn for a window that begins there.
  ///
  /// - Precondition: The mark has at least `firstCount` tokens and does not lie beyond the end of the stream.
  package func rewind(to mark: Mark) {
    grammar = mark.grammar
    if mark.count > state.position {
      pending.removeLast(count - mark.count)
      forgetLatents(since: mark)
      return
    }
    state.rewind(to: mark.count - 1)
    pending = [mark.last]
    while courses.count > 1, course.position > state.position { courses.removeLast() }
    forgetLatents(since: mark)
  }

  /// Removes the latents of a window that begins at a mark if they were drawn after it, so that they are drawn again.
  private func forgetLatents(since mark: Mark) {
    guard mark.isBeforeLatents, courses.count > 1, course.position == mark.count - 1 else { return }
    courses.removeLast()
  }
}

extension TokenStream {
  fileprivate static func logProbability(of index: Int, _ logits: UnsafeBufferPointer<Float>) -> Float {
    var best = -Float.infinity
    for logit in logits { best = max(best, logit) }
    var sum: Float = 0
    for logit in logits where logit > -.infinity { sum += expf(logit - best) }
    return logits[index] - best - logf(sum)
  }
}
