package import Inference
package import MusicFeatures

extension Model {
  /// The negative log-likelihood of windows under the means of their posteriors, in nats/token.
  package func natsPerToken(_ windows: [TokenWindow]) -> Double {
    let scorer = WindowScorer(self)
    var (nats, tokens) = (0.0, 0)
    for window in windows {
      let latents = prior == nil ? [] : encodeAll(window).map(\.mean)
      nats -= scorer.logProbabilities(window, latents).reduce(0) { $0 + Double($1) }
      tokens += window.tokens.count
    }
    return nats / Double(tokens)
  }
}
