package import Inference

extension Model {
  /// What windows cost the model under the means of their posteriors, in nats/token.
  package func natsPerToken(_ windows: [[UInt16]]) -> Double {
    let scorer = WindowScorer(self)
    var (nats, tokens) = (0.0, 0)
    for window in windows {
      let ids = window.map(Int.init)
      let latents = prior == nil ? nil : encode(ids).mean
      nats -= scorer.logProbabilities(ids, latents).reduce(0) { $0 + Double($1) }
      tokens += ids.count
    }
    return nats / Double(tokens)
  }
}
