internal import Datasets
internal import Layers
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

extension TrainingRun {
  /// Makes a training step on the next batches.
  ///
  /// - Returns: The reason why the step was skipped; nil if it was not.
  /// - Throws: `TrainingError.diverged` if too many consecutive steps were not finite.
  func step() throws -> TensorError? {
    let start = ContinuousClock.now
    let step = progress.step
    progress.windowLength = curriculum(step)
    batches.length = progress.windowLength
    (progress.treatedStep, progress.treatedTokens) = (step, progress.tokens)
    batches.treatment = dataSchedule(step, tokens: progress.tokens)
    let parts = (0..<settings.batch.accumulation).map { _ in batches.next() }
    progress.position = batches.position
    let buffers = try model.parameters.buffers.map { try $0.copied() }
    let sums = try backward(parts)
    let norm = try GradientClipping.norm(of: optimizer.parameters)
    let isFinite = sums.isFinite && norm.isFinite
    if isFinite {
      if let limit = settings.optimizer.clip {
        try GradientClipping.clip(optimizer.parameters, norm: norm, to: limit)
      }
      try optimizer.step(learningRate: nextLearningRate)
      try average?.update()
      progress.klWeight.observe(kl: sums.divergencePerWindow, step: step)
    } else {
      // The forward pass has already changed the buffers.
      for (buffer, before) in zip(model.parameters.buffers, buffers) { try buffer.assign(before) }
    }
    progress.step += 1
    progress.tokens += sums.tokens
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    progress.seconds += seconds
    if isFinite { progress.sums.add(sums, gradientNorm: norm, seconds: seconds) }
    progress.skippedInARow = isFinite ? 0 : progress.skippedInARow + 1
    if isFinite { return nil }
    progress.skippedSteps += 1
    let cause = try whatIsNotFinite(sums)
    guard progress.skippedInARow < Self.mostSkippedSteps else {
      throw TrainingError.diverged(steps: progress.skippedInARow, at: progress.step, cause)
    }
    return cause
  }

  /// Accumulates the gradients of batches, each weighted by its share of the tokens of all processes.
  private func backward(_ parts: [[TokenWindow]]) throws -> LossSums {
    let objective = Objective(
      beta: progress.klWeight(progress.step), freeBits: FreeBits(settings.kl), wordDropout: settings.decoder.wordDropout
    )
    let tokens = try processes.sum([Double(parts.joined().reduce(0) { $0 + $1.tokens.count })])[0]
    var sums = LossSums()
    try optimizer.clearGradients()
    for windows in parts {
      let batch = try Batch(
        windows, length: progress.windowLength, multiple: model.lengthMultiple, on: model.parameters.device)
      let value =
        switch settings.model.learningPart {
        case .all: try objective(model, batch, using: generator)
        case .prior: try objective.ofPrior(model, batch, using: generator)
        case .charts: try objective.ofCharts(model, batch)
        }
      try (value.loss * (Double(batch.tokenCount) / tokens)).backward()
      // Read after the backward pass has been queued, so that a GPU does not wait for it.
      try sums.add(value, of: batch)
    }
    try processes.sum(optimizer.parameters.compactMap { try $0.gradient() })
    return try sums.summed(over: processes)
  }

  /// Names the first quantity that is not finite, in order of cause.
  private func whatIsNotFinite(_ sums: LossSums) throws(TensorError) -> TensorError {
    var label = sums.partThatIsNotFinite
    for parameter in optimizer.parameters {
      guard try parameter.isFinite() else {
        label = parameter.label
        break
      }
      if label == nil, try parameter.gradient()?.isFinite() == false { label = "gradient of \(parameter.label)" }
    }
    return TensorError(
      operation: "optimizer step", operands: [label ?? "norm of gradients []"], reason: "a value is not finite")
  }
}
