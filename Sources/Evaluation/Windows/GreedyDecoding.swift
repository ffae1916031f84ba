internal import Inference
internal import ModelFormat
internal import MusicTokens

/// A decoder that runs free: it reads what it wrote, and always takes the most probable token.
struct GreedyDecoding {
  private let state: DecoderState

  init(_ model: Model) { state = DecoderState(model, chunk: 1) }

  /// Tokens under some latents, until the model ends or there are `count`. Nothing is masked.
  func tokens(under latents: Latents, count: Int) -> [Token] {
    state.reset()
    state.use(latents)
    var tokens: [Token] = []
    var last = Configuration.Vocabulary.bos
    while tokens.count < count {
      last = state.step(last).withUnsafeMutableLogits { logits in
        logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
      }
      // The last logit is the end, which is no token.
      guard let token = Token(rawValue: UInt16(last)) else { break }
      tokens.append(token)
    }
    return tokens
  }
}
