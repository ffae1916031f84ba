internal import Inference
internal import ModelFormat
internal import MusicCore
internal import Tensors
internal import VAEGAN

extension Policy {
  /// The native engine with the parameters that a model has now.
  ///
  /// Matrices are in half precision, which is faster than single; in int8 small steps would be rounded away.
  func engine(of model: VAE, step: Int) throws -> Model {
    var writer = try ModelWriter(
      path: folder.policy,
      metadata: ModelMetadata(configuration: model.configuration, dataHash: "", step: step, metrics: [:]),
      precision: .half)
    for (description, tensor) in try Checkpoint.named(model, nil) { try writer.write(tensor.floats(), to: description) }
    try writer.commit()
    return try Model(path: folder.policy)
  }

  /// Samples takes. Those without a prompt are as long as a prompt and its continuation.
  ///
  /// - Parameters:
  ///   - group: the number of consecutive takes that continue the same music.
  ///   - purpose: takes of different purposes are independent; that of a step is its index.
  ///   - sampling: temperature, truncation and biases.
  func takes(
    of engine: Model, count: Int, group: Int, purpose: UInt64, _ sampling: Settings.Critic
  ) throws(TrainingError) -> [Take] {
    var sampling = sampling
    // A prompt may begin with the current level, which is one more token.
    (sampling.promptTokens, sampling.takeTokens) = (Cut.context - 1, Cut.length)
    sampling.openings = settings.adversarial.openings
    let sampler = TakeSampler(
      engine, path: folder.policy, after: music, sampling, seed: SplitMix64.first(UInt64(settings.run.seed), purpose),
      threads: settings.run.threadCount(), group: group, openingTokens: Self.windowLength)
    return try sampler.make(Array(0..<count))
  }

  /// Samples the takes of a step: groups of `adversarial.rollouts` takes of the model.
  func rollouts(step: Int, _ sampling: Settings.Critic) throws -> [Take] {
    let options = settings.adversarial
    return try takes(
      of: engine(of: model, step: step), count: options.groups * options.rollouts, group: options.rollouts,
      purpose: UInt64(step), sampling)
  }
}

extension Settings.Critic {
  /// Sampling at temperature 1 without truncation or biases, so that a policy gradient is that of the sampling distribution
  /// (the grammar masks almost no probability).
  var unbiased: Settings.Critic {
    var sampling = self
    (sampling.temperature, sampling.topP) = (1, 1)
    (sampling.tonality, sampling.repetitionPenalty) = (0, 0)
    (sampling.recurrence, sampling.steadiness) = (0, 0)
    return sampling
  }
}
