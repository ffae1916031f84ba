internal import ModelFormat

/// The part of a critic that is conditioned on all music before a phrase: a linear function of the hidden states of the model's
/// decoder over the phrase, and of the score by the critic's towers (`docs/critic.md`).
public struct ContextHead: Sendable {
  /// The weights of the mean states, [layers · d], and the weight of the towers.
  private let weights: [Float]
  private let bias: Float

  /// - Returns: nil if the critic has none.
  init?(_ file: CriticFile) {
    guard file.configuration.context != nil else { return nil }
    weights = file.floats(named: "context.weight")
    bias = file.floats(named: "context.bias")[0]
  }

  /// The log odds that a phrase is real music.
  ///
  /// - Parameters:
  ///   - states: the mean hidden states over the phrase, as `ContextReader.read` returns them.
  ///   - towers: the log odds by the towers.
  package func logit(states: [Float], towers: Double) -> Double {
    precondition(states.count == weights.count - 1, "these are not the states of the critic's model")
    return zip(states, weights).reduce(Double(bias)) { $0 + Double($1.0 * $1.1) }
      + towers * Double(weights[weights.count - 1])
  }
}
