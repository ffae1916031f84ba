internal import ModelFormat
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

/// The policy gradient of takes of the native engine, with the logits of a critic as rewards (Williams 1992).
struct PolicyGradientMethod: TrainedCriticMethod {
  let policy: Policy
  let critic: TrainedCritic

  func generatorStep(_ progress: inout Progress, _ stage: CriticStage) throws -> GeneratorStep {
    let takes = try policy.rollouts(step: progress.step, policy.settings.critic.unbiased)
    let scored = try score(takes, stage.weights)
    return GeneratorStep(
      takes: takes, logit: scored.logit, policy: try policy.policyBackward(takes, advantages: scored.advantages))
  }

  /// Scores takes with the critic.
  ///
  /// - Returns: For each take the advantages of its tokens after the prompt; and the critic's mean log odds of all takes,
  ///   all scales combined.
  private func score(
    _ takes: [Take], _ weights: PerLevel<Double>
  ) throws(TensorError) -> (advantages: [[Double]], logit: Double) {
    let options = policy.settings.adversarial
    // In the order of groups, of parts of a take, and of takes, since a baseline is that of the same part.
    let parts = stride(from: 0, to: takes.count, by: options.rollouts).flatMap { first in
      stride(from: takes[first].promptCount, to: takes[first].tokens.count, by: Cut.length).flatMap { start in
        (first..<first + options.rollouts).map { (take: $0, start: start) }
      }
    }
    let logits = try critic.towers.logits(
      of: parts.map {
        TokenWindow(of: takes[$0.take].tokens, from: $0.start, count: Cut.length, context: Cut.context)
      })
    let returns = StretchReturns(discount: options.discount, weights: weights)
    let ofParts = StretchReturns.advantages(logits.map(returns.callAsFunction), group: options.rollouts)
    let length = critic.towers.configuration.windows.local
    var advantages = Array(repeating: [Double](), count: takes.count)
    for (part, values) in zip(parts, ofParts) {
      advantages[part.take] += values.flatMap { Array(repeating: $0, count: length) }
    }
    let combined = logits.map { part in
      Configuration.Level.allCases.reduce(0) { $0 + weights[$1] * (part.means[$1] ?? 0) }
    }
    return (advantages, combined.reduce(0, +) / Double(combined.count))
  }
}
