internal import Inference
internal import ModelFormat
internal import MusicCore
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

/// A take with the advantage of each of its sampled tokens.
struct ScoredTake {
  let take: Take
  let advantages: [Double]
}

extension AdversarialRun {
  /// Samples the takes of a step with a model.
  ///
  /// Matrices are in half precision, which is faster than single; in int8 small steps would be rounded away. Takes without a
  /// prompt are as long as a prompt and its continuation.
  ///
  /// - Parameters:
  ///   - group: the number of consecutive takes that continue the same music.
  ///   - purpose: takes of different purposes are independent.
  func takes(of model: VAE, count: Int, group: Int, purpose: UInt64? = nil) throws -> [Take] {
    let path = folder.policy
    var writer = try ModelWriter(
      path: path,
      metadata: ModelMetadata(
        configuration: model.configuration, dataHash: "", step: progress.step, metrics: [:]), precision: .half)
    for (description, tensor) in try Checkpoint.named(model, nil) { try writer.write(tensor.floats(), to: description) }
    try writer.commit()
    let sampler = TakeSampler(
      try Model(path: path), path: path, after: music, sampling,
      seed: SplitMix64.first(UInt64(settings.run.seed), purpose ?? UInt64(progress.step)),
      threads: settings.run.threadCount(), group: group, openingTokens: Self.windowLength)
    return try sampler.make(Array(0..<count))
  }

  /// How takes are sampled. The context critic learns from takes with the user's sampling; else they are sampled at temperature 1
  /// without truncation or biases, so that the policy gradient is that of the sampling distribution (the grammar masks
  /// almost no probability).
  private var sampling: Settings.Critic {
    var sampling = settings.critic
    if settings.adversarial.gradient != .context {
      (sampling.temperature, sampling.topP) = (1, 1)
      (sampling.tonality, sampling.repetitionPenalty) = (0, 0)
      (sampling.recurrence, sampling.steadiness) = (0, 0)
    }
    // A prompt may begin with the current level, which is one more token.
    (sampling.promptTokens, sampling.takeTokens) = (Cut.context - 1, Cut.length)
    sampling.openings = settings.adversarial.openings
    return sampling
  }

  /// Scores takes with the critic, and keeps of each group those with the highest and the lowest returns.
  ///
  /// - Returns: The takes that are kept, and the critic's mean log odds of all takes, all scales combined.
  func score(
    _ takes: [Take], _ critic: Discriminator, _ weights: PerLevel<Double>
  ) throws(TensorError) -> (kept: [ScoredTake], logit: Double) {
    let size = settings.adversarial.rollouts
    // In the order of groups, of parts of a take, and of takes, since a baseline is that of the same part.
    let parts = stride(from: 0, to: takes.count, by: size).flatMap { first in
      stride(from: takes[first].promptCount, to: takes[first].tokens.count, by: Cut.length).flatMap { start in
        (first..<first + size).map { (take: $0, start: start) }
      }
    }
    let logits = try critic.logits(
      of: parts.map {
        TokenWindow(of: takes[$0.take].tokens, from: $0.start, count: Cut.length, context: Cut.context)
      })
    let returns = StretchReturns(discount: settings.adversarial.discount, weights: weights)
    let advantages = StretchReturns.advantages(logits.map(returns.callAsFunction), group: size)
    let length = critic.configuration.windows.local
    var ofTokens = Array(repeating: [Double](), count: takes.count)
    for (part, values) in zip(parts, advantages) {
      ofTokens[part.take] += values.flatMap { Array(repeating: $0, count: length) }
    }
    let combined = logits.map { part in
      Configuration.Level.allCases.reduce(0) { $0 + weights[$1] * (part.means[$1] ?? 0) }
    }
    return (extremes(takes, ofTokens), combined.reduce(0, +) / Double(combined.count))
  }

  /// The takes of each group with the highest and the lowest advantages.
  ///
  /// - Parameter advantages: for each take those of its tokens after the prompt.
  func extremes(_ takes: [Take], _ advantages: [[Double]]) -> [ScoredTake] {
    let size = settings.adversarial.rollouts
    return stride(from: 0, to: takes.count, by: size).flatMap { first in
      let means = advantages[first..<first + size].map { $0.reduce(0, +) / Double($0.count) }
      return StretchReturns.extremes(means, count: settings.adversarial.group).map { first + $0 }
    }.map { ScoredTake(take: takes[$0], advantages: advantages[$0]) }
  }
}
