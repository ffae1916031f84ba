internal import Datasets
internal import Inference
internal import Layers
internal import ModelFormat
internal import MusicCore
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

extension AdversarialRun {
  /// Takes of the current model with the critic's scores.
  private struct Judged {
    /// A prompt and the tokens that the model sampled after it.
    var windows: [TokenWindow]
    var promptCounts: [Int]
    /// The stretches of them that the critic scores.
    var stretches: [TokenWindow]
    /// The advantage of each local stretch of the sampled tokens.
    var advantages: [[Double]]
    /// The critic's mean log odds, all scales combined.
    var logit: Double
  }

  /// One step of the generator, and then one of the critic.
  func step() throws -> AdversarialLine {
    let start = ContinuousClock.now
    let judged = try judge(takes())
    try optimizer.clearGradients()
    let (policy, divergence) = try backward(judged)
    let policyNorm = try GradientClipping.norm(of: optimizer.parameters)
    let (likelihood, tokens) = try likelihoodBackward()
    let norm = try GradientClipping.norm(of: optimizer.parameters)
    guard norm.isFinite, likelihood.isFinite, policy.isFinite else {
      throw TrainingError.diverged(
        steps: 1, at: progress.step,
        TensorError(operation: "adversarial step", operands: [], reason: "loss or gradient is not finite"))
    }
    if let limit = settings.optimizer.clip { try GradientClipping.clip(optimizer.parameters, norm: norm, to: limit) }
    try optimizer.step(learningRate: settings.adversarial.learningRate)
    try average?.update()
    let critic = try teachCritic(with: judged.stretches)

    progress.step += 1
    progress.tokens += tokens
    progress.position = batches.position
    progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    let diversity = TakeDiversity.distinctShare(judged.stretches.map(\.tokens))
    return AdversarialLine(
      step: progress.step, seconds: progress.seconds, logit: judged.logit, policyLoss: policy,
      policyGradientNorm: policyNorm, natsPerToken: likelihood, gradientNorm: norm, divergence: divergence,
      diversity: diversity, relativeDiversity: progress.adversarial?.relative(diversity), criticLoss: critic.loss,
      criticGradientNorm: critic.gradientNorm)
  }

  // MARK: Takes

  /// The native engine samples at temperature 1 without truncation, so that the policy gradient is that of the sampling
  /// distribution; the grammar masks almost no probability.
  private func takes() throws -> [Takes.Take] {
    let path = folder.policy
    var writer = try ModelWriter(
      path: path,
      metadata: ModelMetadata(
        configuration: model.configuration, dataHash: "", step: progress.step, metrics: [:]))
    for (description, tensor) in try Checkpoint.named(model, nil) { try writer.write(tensor.floats(), to: description) }
    try writer.commit()
    var sampling = settings.critic
    (sampling.temperature, sampling.topP) = (1, 1)
    (sampling.tonality, sampling.repetitionPenalty) = (0, 0)
    (sampling.recurrence, sampling.steadiness) = (0, 0)
    // A prompt may begin with the level in force, which is one more token.
    (sampling.promptTokens, sampling.takeTokens, sampling.openings) = (Cut.context - 1, Cut.length, 0)
    let takes = Takes(
      try Model(path: path), path: path, after: music, sampling,
      seed: SplitMix64.first(UInt64(settings.run.seed), UInt64(progress.step)), group: settings.adversarial.group)
    return try (0..<settings.adversarial.takes).map { try takes.make($0) }
  }

  private func judge(_ takes: [Takes.Take]) throws(TensorError) -> Judged {
    let stretches = takes.map {
      TokenWindow(of: $0.tokens, from: $0.promptCount, count: Cut.length, context: Cut.context)
    }
    let ofTakes = try learner.critic.logits(of: stretches)
    let weights = CriticConfiguration.weights
    let returns = StretchReturns(discount: settings.adversarial.discount, weights: weights)
    let combined = ofTakes.map { take in
      Configuration.Level.allCases.reduce(0) { $0 + weights[$1] * (take.means[$1] ?? 0) }
    }
    return Judged(
      windows: takes.map { TokenWindow(tokens: $0.tokens) }, promptCounts: takes.map(\.promptCount),
      stretches: stretches,
      advantages: StretchReturns.advantages(ofTakes.map(returns.callAsFunction), group: settings.adversarial.group),
      logit: combined.reduce(0, +) / Double(combined.count))
  }

  // MARK: Gradients

  /// Accumulates the policy gradient of takes in small batches.
  ///
  /// Latents are drawn from their posterior given the whole take: the gradient of log p(x) is the expectation of the
  /// gradient of log p(x | z) under the posterior of z.
  ///
  /// - Returns: The loss, and the KL from the initial model on its own takes, in nats per token.
  private func backward(_ judged: Judged) throws -> (loss: Double, divergence: Double) {
    let count = judged.stretches.reduce(0) { $0 + $1.tokens.count }
    var (loss, divergence) = (0.0, 0.0)
    for first in stride(from: 0, to: judged.windows.count, by: settings.batch.windows) {
      let rows = first..<min(first + settings.batch.windows, judged.windows.count)
      let batch = try Batch(
        Array(judged.windows[rows]), multiple: model.lengthMultiple, on: model.parameters.device)
      let latents = try Gradients.unrecorded { () throws(TensorError) in
        try model.infer(batch, using: generator, training: false)?.latents
      }
      let (advantages, isChosen) = try weights(judged, rows, length: batch.length)
      let nats = try model.reconstruction(batch, latents: latents)
      let value = try PolicyGradient.loss(nats: nats, advantages: advantages, count: count)
      try (value * settings.adversarial.weight).backward()
      let before = try Gradients.unrecorded { () throws(TensorError) in
        try start.reconstruction(batch, latents: latents)
      }
      loss += try value.item()
      divergence += try ((before - nats.detached()) * isChosen).sum().item() / Double(count)
    }
    return (loss, divergence)
  }

  /// The advantage of each token, and 1 for tokens that the model sampled: [b, n] each.
  private func weights(
    _ judged: Judged, _ rows: Range<Int>, length: Int
  ) throws(TensorError) -> (advantages: Tensor, isChosen: Tensor) {
    var values = Array(repeating: Float(0), count: rows.count * length)
    var chosen = values
    for (number, row) in rows.enumerated() {
      let prompt = judged.promptCounts[row]
      for place in judged.stretches[row].tokens.indices {
        let stretch = place / learner.critic.configuration.windows.local
        values[number * length + prompt + place] = Float(judged.advantages[row][stretch])
        chosen[number * length + prompt + place] = 1
      }
    }
    let shape = [rows.count, length]
    return (
      try Tensor(values, shape, on: model.parameters.device, name: "advantages"),
      try Tensor(chosen, shape, on: model.parameters.device, name: "chosen")
    )
  }

  /// Accumulates the gradient of the evidence lower bound of real music.
  private func likelihoodBackward() throws -> (natsPerToken: Double, tokens: Int) {
    let batch = try Batch(
      batches.next(), length: progress.windowLength, multiple: model.lengthMultiple, on: model.parameters.device)
    let objective = Objective(beta: settings.kl.beta, freeBits: FreeBits(settings.kl))
    let value = try objective(model, batch, using: generator)
    try (value.loss * settings.adversarial.likelihoodWeight).backward()
    return (try value.reconstruction.item(), batch.tokenCount)
  }

  private func teachCritic(with fake: [TokenWindow]) throws -> CriticLearner.Step {
    var numbers = SplitMix64(keys: UInt64(settings.run.seed), UInt64(progress.step), 13)
    let whole = fake.filter { $0.tokens.count == Cut.length }
    let real = whole.map { _ in music.stretch(Cut.length, using: &numbers) }
    let semitones = settings.data.transpositions
    return try learner.learn(
      real: real.transposed(within: semitones, using: &numbers),
      fake: whole.transposed(within: semitones, using: &numbers), weights: CriticStage.all.weights,
      learningRate: settings.adversarial.criticLearningRate, step: progress.step)
  }
}
