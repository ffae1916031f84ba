internal import Datasets
internal import Layers
internal import MusicCore
internal import Tensors
internal import VAEGAN

extension AdversarialRun {
  /// One step of the generator, and then one of the critic.
  func step() throws -> AdversarialLine {
    let start = ContinuousClock.now
    let stage = stage
    try policy.optimizer.clearGradients()
    let generated = try method.generatorStep(&progress, stage)
    let divergence = try generated.divergence ?? policy.divergence(of: generated.takes)
    let likelihood = try likelihoodBackward()
    let norm = try GradientClipping.norm(of: policy.optimizer.parameters)
    let quantities =
      generated.quantities + [("the loss on real music", likelihood?.natsPerToken ?? 0), ("the gradient", norm)]
    if let (name, _) = quantities.first(where: { !$0.1.isFinite }) {
      throw TrainingError.diverged(
        steps: 1, at: progress.step,
        TensorError(operation: "adversarial step", operands: [], reason: "\(name) is not finite"))
    }
    if let limit = settings.optimizer.clip {
      try GradientClipping.clip(policy.optimizer.parameters, norm: norm, to: limit)
    }
    try policy.optimizer.step(learningRate: settings.adversarial.learningRate)
    try average?.update()
    let critic = try method.updateCritic(after: generated, step: progress.step, stage)

    progress.step += 1
    progress.tokens += likelihood?.tokens ?? 0
    progress.position = batches.position
    progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    let diversity = TakeDiversity.distinctShare(generated.takes.map { $0.tokens[$0.promptCount...] })
    return AdversarialLine(
      step: progress.step, seconds: progress.seconds, logit: generated.logit, stage: stage,
      policyLoss: generated.policy?.loss,
      policyGradientNorm: generated.policy?.gradientNorm, terms: generated.terms, ratio: generated.ratio,
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

  /// Accumulates the gradient of the evidence lower bound of real music; nil if it has no weight.
  private func likelihoodBackward() throws -> (natsPerToken: Double, tokens: Int)? {
    guard settings.adversarial.likelihoodWeight > 0 else { return nil }
    let batch = try Batch(
      batches.next(), length: progress.windowLength, multiple: policy.model.lengthMultiple, on: policy.device)
    let objective = Objective(beta: settings.kl.beta, freeBits: FreeBits(settings.kl))
    let value = try objective(policy.model, batch, using: policy.generator)
    try (value.loss * settings.adversarial.likelihoodWeight).backward()
    return (try value.reconstruction.item(), batch.tokenCount)
  }
}
