internal import Glibc
package import Inference
internal import ModelFormat
package import MusicCore
package import MusicFeatures
package import MusicTokens

/// A stream of tokens that a model goes on with, and others too: it takes tokens from outside, chooses tokens, and can be
/// taken back to where it was.
///
///     let stream = TokenStream(model, sampling)
///     stream.hear(played)
///     let mark = stream.mark()
///     while let token = try stream.next(using: &generator), isWanted(token) { … }
///     stream.rewind(to: mark)
///
/// What is heard is read when something is chosen, many tokens at once. Choosing takes no memory, except where a latent
/// window ends. A stream is for one thread at a time.
package final class TokenStream {
  package let model: Model
  /// What may come next; with it goes what is not in the tokens, such as an end.
  package var grammar: Grammar
  /// Where the latents of windows to come are from.
  package var source: LatentSource
  /// The natural logarithm of the probability that the last choice had among all that was possible, biases included, at
  /// temperature 1; only where `isScoring`.
  package private(set) var lastLogProbability: Float = 0
  package var isScoring = false

  private let state: DecoderState
  private var sampler: Sampler
  /// How the latents went on, by rising position: what is later than the place that the stream goes back to is forgotten.
  private var courses = [LatentCourse()]
  /// What the model has not read yet: the last token at least.
  private var pending = [Configuration.Vocabulary.bos]

  /// The latents that were put in force, and those to come.
  private struct LatentCourse {
    /// Where the last latents were put in force.
    var position = 0
    /// The latents of the last windows, as many as the prior looks back.
    var history: [Latents] = []
    var windows = 0
    /// The position at which the next latents begin.
    var next = 0
  }

  /// Begins a stream; the model reads nothing yet.
  ///
  /// - Parameters:
  ///   - keyboard: what is known of the keyboard before the first token.
  ///   - chunk: how many tokens are read at once, and can be taken back, at most.
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

  package var sampling: SamplingOptions {
    get { sampler.options }
    set { sampler.options = newValue }
  }

  /// How many tokens the stream has, BOS included.
  package var count: Int { state.position + pending.count }

  // MARK: Tokens from outside

  /// Takes a token in. O(1).
  package func hear(_ token: Token) {
    grammar.apply(token)
    pending.append(Int(token.rawValue))
  }

  /// Takes tokens in that `grammar` has taken in already.
  package func append(_ tokens: some Sequence<Token>) { pending += tokens.map { Int($0.rawValue) } }

  /// Has the model read what it was given but for the last token, so that a choice follows at once.
  package func settle(using generator: inout SplitMix64) {
    while pending.count > 1 {
      beginWindow(using: &generator)
      let count = min(pending.count - 1, room)
      _ = state.prefill(pending.prefix(count))
      pending.removeFirst(count)
    }
  }

  /// How many tokens there are until the next latents begin.
  private var room: Int { model.prior == nil ? .max : max(1, course.next - state.position) }

  private var course: LatentCourse { courses[courses.count - 1] }

  // MARK: Latents

  /// Puts latents in force from the next token that is chosen on, which is the one at `offset` of their window.
  ///
  /// - Precondition: The model has latents, and the window is not over at `offset`.
  package func use(_ latents: Latents, at offset: Int = 0, using generator: inout SplitMix64) {
    guard let shape = model.configuration.latents else { preconditionFailure("this model has no latents") }
    settle(using: &generator)
    put(latents, in: shape, at: offset)
  }

  /// Takes latents for the window that begins where the last one is over.
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

  /// Chooses the next token and takes it in; nil where the model ends the stream.
  ///
  /// - Parameter bias: may change what the model thinks of each token, and last of the end. What may not come is −∞.
  /// - Throws: `GenerationError` where the model computes nothing finite to choose from.
  package func next(
    using generator: inout SplitMix64, bias: ((UnsafeMutableBufferPointer<Float>) -> Void)? = nil
  ) throws(GenerationError) -> Token? {
    settle(using: &generator)
    beginWindow(using: &generator)
    let logits = state.step(pending[0])
    let choice = logits.withUnsafeMutableLogits { logits in
      grammar.choices.mask(logits)
      bias?(logits)
      grammar.biasPitches(logits, sampling)
      let index = sampler.choose(UnsafeBufferPointer(logits), using: &generator)
      if isScoring, let index { lastLogProbability = Self.logProbability(of: index, UnsafeBufferPointer(logits)) }
      return index
    }
    guard let index = choice, let chosen = Token(rawValue: UInt16(index)) else {
      // The last token is still to be read, by whatever comes instead.
      state.rewind(to: state.position - 1)
      if choice == nil { throw .notFinite }
      return nil
    }
    let token = grammar.cut(chosen)
    pending[0] = Int(token.rawValue)
    grammar.apply(token)
    return token
  }

  /// Takes in a token that was chosen elsewhere, as if it had been chosen here.
  ///
  /// - Returns: the natural logarithm of its probability among all that is possible; nil where it may not come, and was not
  ///   taken in.
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

  /// A place in the stream.
  package struct Mark {
    /// How many tokens the stream has there, BOS included.
    package var count: Int
    /// The last of them.
    package var last: Int
    package var grammar: Grammar
    /// Whether the next latents are still to be drawn there.
    fileprivate var isBeforeLatents = false

    package init(count: Int, last: Int, grammar: Grammar) {
      (self.count, self.last, self.grammar) = (count, last, grammar)
    }
  }

  /// The place where the stream stands, to go back to.
  package func mark(using generator: inout SplitMix64) -> Mark {
    settle(using: &generator)
    var mark = Mark(count: count, last: pending[0], grammar: grammar)
    mark.isBeforeLatents = model.prior != nil && state.position == course.next
    return mark
  }

  /// The least number of tokens, BOS included, that the stream can go back to.
  package var firstCount: Int { state.firstPosition + 1 }

  /// Forgets what came after a place, latents that were drawn for a window that begins there too.
  ///
  /// - Precondition: It has `firstCount` tokens or more, and is no later than the stream.
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

  /// Has the latents of a window that begins at a mark drawn anew, where they were drawn after it.
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
