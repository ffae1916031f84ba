import Foundation
import Inference
import ModelFormat

/// A stream that generates music after a full window.
struct Stream {
  private let state: DecoderState
  private var generator = SystemRandomNumberGenerator()
  private var probabilities = [Float](repeating: 0, count: Configuration.Vocabulary.logitCount)
  private var token = Configuration.Vocabulary.bos

  init(_ model: Model, context: Int) {
    state = DecoderState(model)
    if let prior = model.prior { state.use(prior.sample(using: &generator)) }
    _ = state.prefill((0..<context).map { _ in Int.random(in: 0..<774) })
  }

  /// The seconds for one token, sampled at temperature 1 from the full distribution.
  mutating func measure() -> Double {
    seconds {
      let logits = state.step(token)
      logits[Configuration.Vocabulary.eosLogit] = -.infinity
      token = sample(logits)
    }
  }

  private mutating func sample(_ logits: Logits) -> Int {
    logits.withUnsafeMutableLogits { logits in
      let most = logits.max() ?? 0
      var total: Float = 0
      for index in logits.indices {
        probabilities[index] = exp(logits[index] - most)
        total += probabilities[index]
      }
      var left = Float.random(in: 0..<total, using: &generator)
      for index in probabilities.indices {
        left -= probabilities[index]
        if left < 0 { return index }
      }
      return 0
    }
  }
}
