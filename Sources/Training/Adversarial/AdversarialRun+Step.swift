internal import Datasets
internal import Layers
internal import MusicCore
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

extension AdversarialRun {
  /// One step of the generator, and then one of the critic.
  func step() throws -> AdversarialLine {
    let start = ContinuousClock.now
    let stage = stage
    try optimizer.clearGradients()
    let taught = try lesson(stage)
    let divergence = try taught.divergence ?? divergence(of: taught.takes)
    let likelihood = try likelihoodBackward()
    let norm = try GradientClipping.norm(of: optimizer.parameters)
    let quantities =
      taught.quantities + [("the loss on real music", likelihood?.natsPerToken ?? 0), ("the gradient", norm)]
    if let (name, _) = quantities.first(where: { !$0.1.isFinite }) {
      throw TrainingError.diverged(
        steps: 1, at: progress.step,
        TensorError(operation: "adversarial step", operands: [], reason: "\(name) is not finite"))
    }
    if let limit = settings.optimizer.clip { try GradientClipping.clip(optimizer.parameters, norm: norm, to: limit) }
    try optimizer.step(learningRate: settings.adversarial.learningRate)
    try average?.update()
    let critic = try teachCritic(taught, stage)

    progress.step += 1
    progress.tokens += likelihood?.tokens ?? 0
    progress.position = batches.position
    progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    let diversity = TakeDiversity.distinctShare(taught.takes.map { $0.tokens[$0.promptCount...] })
    return AdversarialLine(
      step: progress.step, seconds: progress.seconds, logit: taught.logit, stage: stage,
      policyLoss: taught.policy?.loss,
      policyGradientNorm: taught.policy?.gradientNorm, terms: taught.terms, ratio: taught.ratio,
      natsPerToken: likelihood?.natsPerToken,
      gradientNorm: norm, divergence: divergence,
      meanDivergence: progress.adversarial?.meanDivergence(divergence) ?? divergence,
      diversity: diversity, relativeDiversity: progress.adversarial?.relative(diversity), criticLoss: critic?.loss,
      criticGradientNorm: critic?.gradientNorm)
  }

  /// The scales that teach in the next step.
  private var stage: CriticStage {
    CriticStage(
      share: Double(progress.step) / Double(settings.adversarial.steps),
      phraseShare: settings.adversarial.phraseShare, globalShare: settings.adversarial.globalShare)
  }

  /// What a critic, or the model's own likelihood ratio, taught the model in one step.
  struct Lesson {
    var takes: [Take]
    /// The number of tokens of the stretches that the critic learns from.
    var length = Cut.length
    /// The critic's mean logit of the takes.
    var logit: Double?
    var policy: (loss: Double, gradientNorm: Double)?
    var terms: [GeneratorTerm: TermValue]?
    var ratio: RatioValue?
    /// The mean states over the phrases of the takes.
    var phrases: [[Float]] = []
    /// The KL of the initial model from the model, in nats per token; nil if it is to be estimated on the takes.
    var divergence: Double?

    /// The values by name, which must be finite.
    var quantities: [(name: String, value: Double)] {
      (logit.map { [("the critic's logit", $0)] } ?? []) + (ratio.map { [("the loss of the ratio", $0.loss)] } ?? [])
        + (policy.map { [("the policy gradient", $0.gradientNorm)] } ?? [])
        + (terms ?? [:]).flatMap { [("the \($0.key) loss", $0.value.loss), ("its gradient", $0.value.gradientNorm)] }
    }
  }

  // MARK: Gradients

  private func lesson(_ stage: CriticStage) throws -> Lesson {
    switch settings.adversarial.gradient {
    case .policy: try policyBackward(towers, stage)
    case .relaxed: try relaxedBackward(towers, stage)
    case .context: try contextBackward()
    case .ratio: try ratioBackward()
    }
  }

  /// The critic that was trained before.
  private var towers: Discriminator {
    guard let learner else { preconditionFailure("this gradient needs a critic") }
    return learner.critic
  }

  /// Samples takes and accumulates their policy gradient.
  private func policyBackward(_ critic: Discriminator, _ stage: CriticStage) throws -> Lesson {
    let options = settings.adversarial
    let takes = try takes(of: model, count: options.groups * options.rollouts, group: options.rollouts)
    let scored = try score(takes, critic, stage.weights)
    let loss = try backward(scored.kept)
    return Lesson(
      takes: takes, logit: scored.logit, policy: (loss, try GradientClipping.norm(of: optimizer.parameters)))
  }

  /// Accumulates the policy gradient of takes in small batches.
  ///
  /// Latents are drawn from their posterior given the whole take: the gradient of log p(x) is the expectation of the
  /// gradient of log p(x | z) under the posterior of z.
  ///
  /// - Returns: The loss.
  func backward(_ scored: [ScoredTake]) throws -> Double {
    let count = scored.reduce(0) { $0 + $1.advantages.count }
    var loss = 0.0
    for first in stride(from: 0, to: scored.count, by: settings.batch.windows) {
      let part = Array(scored[first..<min(first + settings.batch.windows, scored.count)])
      let batch = try batch(part.map(\.take))
      let nats = try model.reconstruction(batch, latents: latents(batch))
      let value = try PolicyGradient.loss(
        nats: nats, advantages: tensor(of: part.map { ($0.take.promptCount, $0.advantages) }, length: batch.length),
        count: count)
      try (value * settings.adversarial.weight).backward()
      loss += try value.item()
    }
    return loss
  }

  /// The KL of the model from the initial model at the positions of some of its takes, in nats per token.
  private func divergence(of takes: [Take]) throws -> Double {
    // Evenly spaced, so that they are of different groups.
    let some = takes.evenlySpaced(settings.batch.windows)
    let batch = try batch(some)
    let sampled = some.map { ($0.promptCount, Array(repeating: 1.0, count: $0.tokens.count - $0.promptCount)) }
    let isSampled = try tensor(of: sampled, length: batch.length)
    return try Gradients.unrecorded { () throws(TensorError) in
      let latents = try latents(batch)
      let (now, initial) = (
        try model.logits(batch, latents: latents).logSoftmax(), try start.logits(batch, latents: latents).logSoftmax()
      )
      let change = try (now.exp() * (now - initial)).sum(2)
      return try (change * isSampled).sum().item() / Double(sampled.reduce(0) { $0 + $1.1.count })
    }
  }

  private func batch(_ takes: [Take]) throws(TensorError) -> Batch {
    try batch(takes.map { TokenWindow(tokens: $0.tokens) })
  }

  func batch(_ windows: [TokenWindow]) throws(TensorError) -> Batch {
    try Batch(windows, multiple: model.lengthMultiple, on: model.parameters.device)
  }

  func latents(_ batch: Batch) throws(TensorError) -> Latents? {
    try Gradients.unrecorded { () throws(TensorError) in
      try model.infer(batch, using: generator, training: false)?.latents
    }
  }

  /// A value of each sampled token, 0 elsewhere: [b, n].
  ///
  /// - Parameter rows: for each take the tokens of its prompt, and the values of the tokens after it.
  func tensor(of rows: [(promptCount: Int, values: [Double])], length: Int) throws(TensorError) -> Tensor {
    var values = Array(repeating: Float(0), count: rows.count * length)
    for (row, (promptCount, ofTokens)) in rows.enumerated() {
      for (index, value) in ofTokens.enumerated() { values[row * length + promptCount + index] = Float(value) }
    }
    return try Tensor(values, [rows.count, length], on: model.parameters.device, name: "values of tokens")
  }

  /// Accumulates the gradient of the evidence lower bound of real music; nil if it has no weight.
  private func likelihoodBackward() throws -> (natsPerToken: Double, tokens: Int)? {
    guard settings.adversarial.likelihoodWeight > 0 else { return nil }
    let batch = try Batch(
      batches.next(), length: progress.windowLength, multiple: model.lengthMultiple, on: model.parameters.device)
    let objective = Objective(beta: settings.kl.beta, freeBits: FreeBits(settings.kl))
    let value = try objective(model, batch, using: generator)
    try (value.loss * settings.adversarial.likelihoodWeight).backward()
    return (try value.reconstruction.item(), batch.tokenCount)
  }

  /// Updates the critic, if there is one.
  private func teachCritic(
    _ lesson: Lesson, _ stage: CriticStage
  ) throws -> (loss: Double, gradientNorm: Double?)? {
    if settings.adversarial.gradient == .context { return try teachContext(with: lesson).map { ($0, nil) } }
    return try learner.flatMap { try teach($0, with: lesson, stage) }.map { ($0.loss, $0.gradientNorm) }
  }

  /// Updates the critic on some of the takes and as much real music, cut in the same way.
  ///
  /// - Returns: The last of the critic's steps; nil if it is not trained.
  private func teach(
    _ learner: CriticLearner, with lesson: Lesson, _ stage: CriticStage
  ) throws -> CriticLearner.Step? {
    var last: CriticLearner.Step?
    for number in 0..<settings.adversarial.criticSteps {
      var numbers = SplitMix64(keys: UInt64(settings.run.seed), UInt64(progress.step), 13 + UInt64(number))
      let some = lesson.takes.shuffled(using: &numbers).evenlySpaced(settings.adversarial.takes)
      let fake = some.map { take in
        let starts = 0...take.tokens.count - lesson.length
        let start = take.promptCount > 0 ? take.promptCount : numbers.number(in: starts)
        return Cut.stretch(of: take.tokens, from: start, length: lesson.length, using: &numbers)
      }
      let real = some.map { take in
        let opening = Cut.Place.opening(last: take.tokens.count - lesson.length)
        return music.stretch(lesson.length, take.promptCount > 0 ? .anywhere : opening, using: &numbers)
      }
      let semitones = settings.data.transpositions
      last = try learner.learn(
        real: real.transposed(within: semitones, using: &numbers),
        fake: fake.transposed(within: semitones, using: &numbers), weights: stage.weights,
        learningRate: settings.adversarial.criticLearningRate, step: progress.step)
    }
    return last
  }
}
