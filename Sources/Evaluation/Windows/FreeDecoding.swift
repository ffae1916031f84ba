internal import Glibc
public import Inference
internal import ModelFormat
public import MusicTokens

/// A decoder that runs free: it reads what it wrote, and nothing is masked.
public struct FreeDecoding {
  private let state: DecoderState

  public init(_ model: Model) { state = DecoderState(model, chunk: 1) }

  /// The most probable tokens under some latents, until the model ends or there are `count`.
  public func greedy(under latents: Latents, count: Int) -> [Token] {
    state.use(latents)
    return tokens(count) { logits in logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 } }
  }

  /// A window as the model itself is distributed: latents from its prior, where it has any, and then each token with its
  /// own probability. It ends early where the probabilities are no numbers.
  public func sample(using generator: inout some RandomNumberGenerator) -> [Token] {
    if let latents = state.model.prior?.sample(using: &generator) { state.use(latents) }
    return tokens(state.model.configuration.window) { Self.draw(from: $0, using: &generator) }
  }

  private func tokens(_ count: Int, _ choose: (UnsafeMutableBufferPointer<Float>) -> Int?) -> [Token] {
    state.reset()
    var tokens: [Token] = []
    var last = Configuration.Vocabulary.bos
    while tokens.count < count {
      // The last logit is the end, which is no token.
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
    var left = Double.random(in: 0..<weights.reduce(0, +), using: &generator)
    // Rounding may leave a little over.
    return weights.firstIndex { weight in
      left -= weight
      return left < 0
    } ?? weights.indices.last { weights[$0] > 0 } ?? 0
  }
}
