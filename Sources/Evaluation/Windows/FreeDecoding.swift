internal import Glibc
public import Inference
internal import ModelFormat
internal import MusicCore
public import MusicFeatures
public import MusicTokens

/// Free-running decoding: the decoder reads its own output, and no tokens are masked.
public struct FreeDecoding {
  private let state: DecoderState

  /// Creates a decoding by a model.
  public init(_ model: Model) { state = DecoderState(model, chunk: 1) }

  /// Greedy decoding given latents, until the model ends or there are `count` tokens.
  ///
  /// - Parameter keyboard: the keyboard state before the first token.
  public func greedy(
    under latents: [Latents], after keyboard: KeyboardState = KeyboardState(), count: Int
  ) -> [Token] {
    tokens(count, after: keyboard, latents: { $0 < latents.count ? latents[$0] : nil }) { logits in
      logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    }
  }

  /// Samples a window from the model's own distribution: latents from its prior, if it has any, and then each token
  /// with its probability. It ends early if the probabilities are not finite.
  public func sample(using generator: inout some RandomNumberGenerator) -> [Token] {
    // Latents have a separate generator, so that the number of latents does not affect the tokens.
    var latentGenerator = SplitMix64(seed: generator.next())
    var history: [Latents] = []
    let latents: (Int) -> Latents? = { [prior = state.model.prior] _ in
      let next = prior?.sample(after: history, using: &latentGenerator)
      if let next { history.append(next) }
      return next
    }
    return tokens(state.model.configuration.window, after: KeyboardState(), latents: latents) {
      Self.draw(from: $0, using: &generator)
    }
  }

  /// - Parameter latents: the latents of a latent window, by its index.
  private func tokens(
    _ count: Int, after keyboard: KeyboardState, latents: (Int) -> Latents?,
    _ choose: (UnsafeMutableBufferPointer<Float>) -> Int?
  ) -> [Token] {
    state.reset(keyboard)
    var tokens: [Token] = []
    var last = Configuration.Vocabulary.bos
    let windowLength = state.model.configuration.latents?.windowLength ?? .max
    while tokens.count < count {
      if tokens.count.isMultiple(of: windowLength), let next = latents(tokens.count / windowLength) { state.use(next) }
      // The last logit is the end, which is not a token.
      guard let choice = state.step(last).withUnsafeMutableLogits(choose), let token = Token(rawValue: UInt16(choice))
      else { break }
      tokens.append(token)
      last = choice
    }
    return tokens
  }

  private static func draw(
    from logits: UnsafeMutableBufferPointer<Float>, using generator: inout some RandomNumberGenerator
  ) -> Int? {
    guard let most = logits.max(), logits.allSatisfy(\.isFinite) else { return nil }
    let weights = logits.map { Double(exp($0 - most)) }
    let point = Double.random(in: 0..<weights.reduce(0, +), using: &generator)
    return weights.indices.drawn(at: point) { weights[$0] }
  }
}
