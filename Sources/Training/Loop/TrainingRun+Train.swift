internal import Datasets
internal import Files
internal import Layers
internal import ModelFormat
internal import Tensors
internal import Text
internal import VAEGAN

extension TrainingRun {
  /// The events that a run reports.
  package enum Event: Sendable {
    /// The means since the previous line.
    case losses(MetricsLine)
    /// Losses on held-out pieces, and whether they are the best so far.
    case evaluated(MetricsLine, isBest: Bool)
    case saved(String)
    /// A problem that does not stop training.
    case warning(String)
  }

  /// The reason why a run ended.
  package enum Outcome: Sendable {
    case finished
    /// The held-out bound no longer improved (early stopping).
    case stoppedEarly
    case interrupted
  }

  /// Trains to the end and saves checkpoints. Several processes end after the same step.
  ///
  /// - Parameters:
  ///   - isInterrupted: Called after every step; if it returns true, the run is saved and ends.
  ///   - report: Called for each event.
  /// - Throws: `TrainingError.diverged`, or the error of the last save.
  package func train(
    isInterrupted: () -> Bool = { false }, report: (Event) throws -> Void
  ) throws -> Outcome {
    let outcome = try makeSteps(isInterrupted: isInterrupted, report)
    // Until everything is saved.
    try processes.barrier()
    return outcome
  }

  private func makeSteps(isInterrupted: () -> Bool, _ report: (Event) throws -> Void) throws -> Outcome {
    var lastSave = (step: progress.step, time: ContinuousClock.now)
    while !isFinished {
      let (rate, beta) = (nextLearningRate, progress.klWeight(progress.step))
      if let cause = try step(), progress.skippedInARow == 1 {
        try report(.warning("step \(progress.step) is skipped: \(cause)"))
      }
      if progress.step % settings.run.logEverySteps == 0 { try note(rate: rate, beta: beta, report) }
      if progress.step % settings.evaluation.everySteps == 0, try evaluate(report) {
        try save(folder.last, report)
        return .stoppedEarly
      }
      if try processes.any(isInterrupted()) {
        try save(folder.last, report)
        return .interrupted
      }
      let minutes = (ContinuousClock.now - lastSave.time) / .seconds(60)
      if settings.checkpoints.everySteps.map({ progress.step - lastSave.step >= $0 }) ?? false
        || settings.checkpoints.everyMinutes.map({ minutes >= $0 }) ?? false
      {
        try saveIfPossible(folder.last, report)
        lastSave = (progress.step, .now)
      }
    }
    if progress.evaluatedStep != progress.step { _ = try evaluate(report) }
    try save(folder.last, report)
    return .finished
  }

  /// Writes a line of metrics over the steps since the last one.
  private func note(rate: Double, beta: Double, _ report: (Event) throws -> Void) throws {
    var line = MetricsLine(step: progress.step, tokens: progress.tokens, seconds: progress.seconds)
    line.tokensPerSecond = progress.sums.tokensPerSecond
    line.learningRate = rate
    line.beta = model.configuration.latents == nil ? nil : beta
    line.windowLength = progress.windowLength
    line.training = progress.sums.losses
    line.gradientNorm = progress.sums.gradientNorm
    line.skippedSteps = progress.skippedSteps
    progress.sums = LossSums()
    try append(line, report)
    try report(.losses(line))
  }

  private func append(_ line: MetricsLine, _ report: (Event) throws -> Void) throws {
    let hasFailed = metrics?.failure != nil
    metrics?.append(line)
    if let failure = metrics?.failure, !hasFailed {
      try report(.warning("\(failure.path): \(failure); training continues without this line"))
    }
  }

  /// Evaluates the model on held-out pieces, saves it if it is the best so far, and draws the curves.
  ///
  /// - Returns: Whether training should stop early, by `run.patience` of the settings.
  private func evaluate(_ report: (Event) throws -> Void) throws -> Bool {
    var line = MetricsLine(step: progress.step, tokens: progress.tokens, seconds: progress.seconds)
    line.validation = try heldOutLosses()
    try append(line, report)
    let bound = line.validation?.boundNatsPerToken ?? .infinity
    let isBest = bound < progress.best ?? .infinity
    progress.evaluatedStep = progress.step
    progress.evaluationsSinceBest = isBest ? 0 : progress.evaluationsSinceBest + 1
    try report(.evaluated(line, isBest: isBest))
    if isBest { try keepBest(bound, report) }
    do { try drawCurves() } catch { try report(.warning("\(folder.curves): \(error)")) }
    return settings.evaluation.patience.map { progress.evaluationsSinceBest >= $0 } ?? false
  }

  /// Saves the model as the best. If process 0 fails to, the previous best remains so in all processes.
  private func keepBest(_ bound: Double, _ report: (Event) throws -> Void) throws {
    let previous = progress.best
    progress.best = bound
    if try processes.any(!saveIfPossible(folder.best, report)) { progress.best = previous }
  }

  /// Writes the page and the picture of the training curves.
  private func drawCurves() throws {
    guard let lines = metrics?.lines else { return }
    let parameters = model.parameters.parameters.reduce(0) { $0 + $1.count }
    let subtitle = [
      settings.model.preset, "\(decimal(Double(parameters) / 1e6, 1)) M parameters",
      "trained on \(RunFolder(path: dataset.path).name)", settings.run.device,
    ]
    let page = CurvesPage(title: folder.name, subtitle: subtitle.joined(separator: " · "), lines: lines)
    try Files.write(page.bytes(), toFile: folder.curves)
    try Files.write(CurvesPicture(title: folder.name, lines: lines).bytes(), toFile: folder.picture)
  }

  private func save(_ path: String, _ report: (Event) throws -> Void) throws {
    guard let lines = metrics?.lines else { return }
    var figures: [String: Double] = ["tokens": Double(progress.tokens)]
    let validation = lines.last { $0.validation != nil }?.validation
    figures["valid.natsPerToken"] = validation?.natsPerToken
    figures["valid.boundNatsPerToken"] = validation?.boundNatsPerToken
    try Checkpoint.save(
      path, model, optimizer, average, generator, progress: progress, dataHash: dataset.dataHash, metrics: figures)
    try report(.saved(path))
  }

  /// Saves a checkpoint, or warns: the previous checkpoint is still valid, and the next save may succeed.
  ///
  /// - Returns: Whether it succeeded, as far as this process knows.
  @discardableResult
  private func saveIfPossible(_ path: String, _ report: (Event) throws -> Void) throws -> Bool {
    do { try save(path, report) } catch let error as ModelFormatError {
      try report(.warning("\(error); training continues, and the previous checkpoint is kept"))
      return false
    }
    return true
  }
}
