package import Datasets
internal import Files
internal import Layers
internal import ModelFormat
internal import MusicCore
internal import Tensors
internal import VAEGAN

/// Adversarial fine-tuning: a trained model is trained against a critic, which is trained further on the model's takes, or by the
/// ratio of its likelihood and that of its initial state.
///
///     let run = try AdversarialRun(settings, on: dataset, resuming: false)
///     let outcome = try run.train { event in print(event) }
///
/// In each step takes are sampled, and the model is updated by the gradient that they give (`AdversarialMethod`) and by
/// that of the likelihood of real music, and the critic by a step of its own. A run that is stopped and resumed makes the
/// same steps as an uninterrupted one.
package final class AdversarialRun {
  package internal(set) var progress: Progress
  let policy: Policy
  let method: any AdversarialMethod
  let average: MovingAverage?
  var batches: Batches
  private let heldOut: HeldOut
  private let dataset: Dataset
  private var metrics: MetricsFile<AdversarialLine>

  package var settings: Settings { policy.settings }
  package var folder: RunFolder { policy.folder }

  /// The events that a run reports.
  package enum Event: Sendable {
    case learned(AdversarialLine)
    /// The bound on held-out music, in nats per token.
    case evaluated(step: Int, bound: Double)
    case saved(String)
  }

  /// Why a run ended.
  package enum Outcome: Hashable, Sendable {
    case finished, interrupted
    /// The KL from the initial model exceeded its limit.
    case tooFar
    /// The diversity of takes fell below its limit.
    case tooAlike
  }

  /// Begins with a model and its critic, or resumes from the last checkpoint in the folder of the settings.
  ///
  /// - Throws: `TrainingError`, `TensorError`, `ModelFormatError` or `FileError`.
  package init(_ settings: Settings, on dataset: Dataset, resuming: Bool) throws {
    self.dataset = dataset
    let folder = RunFolder(path: settings.run.output)
    guard let path = settings.critic.model else {
      throw TrainingError.unusableModel(path: "critic.model", "names no model")
    }
    guard resuming || !folder.hasCheckpoint else { throw TrainingError.exists(folder.path) }
    guard !resuming || folder.hasCheckpoint else { throw TrainingError.noCheckpoint(folder.path) }
    let device = try settings.run.prepare()
    let seed = UInt64(settings.run.seed)
    let file = try ModelFile(path: path)
    let length = Policy.windowLength
    guard file.configuration.window >= length else {
      throw TrainingError.unusableModel(
        path: path, "its window is shorter than the \(length) tokens of a prompt and a window of the critic")
    }
    let music = RealMusic(dataset, dataset.pieces(.train), settings.data.weights)
    guard !music.isEmpty, dataset.hasNotes(.train, settings.data.weights) else {
      throw TrainingError.unusableData(path: dataset.path, "it needs long pieces to train on")
    }
    let model = try VAE(file, path: path, on: device, Precision(settings.run))
    let policy = Policy(
      settings: settings, folder: folder, model: model,
      start: try VAE(file, path: path, on: device, Precision(settings.run)),
      optimizer: try AdamW(model.parameters.parameters, settings: AdamW.Settings(settings.optimizer)),
      generator: try Generator(seed: seed), music: music)
    self.policy = policy
    average = try settings.optimizer.averageDecay.map { try MovingAverage(model.parameters, decay: $0) }
    progress = Progress(settings)
    progress.windowLength = length
    if resuming {
      progress = try Checkpoint.load(
        folder.last, into: model, policy.optimizer, average, policy.generator, dataHash: dataset.dataHash)
    }
    func critic() throws -> TrainedCritic {
      try TrainedCritic(policy, ofModel: path, dataHash: dataset.dataHash, resuming: resuming)
    }
    method =
      switch settings.adversarial.gradient {
      case .policy: try PolicyGradientMethod(policy: policy, critic: critic())
      case .relaxed: try RelaxedMethod(policy: policy, critic: critic())
      case .context: try ContextMethod(policy, ofModel: path, resuming: resuming)
      case .ratio: RatioMethod(policy)
      }
    if !resuming { progress.adversarial = AdversarialProgress(critic: method.criticProgress) }
    heldOut = HeldOut(
      dataset, window: file.configuration.window, count: settings.evaluation.windows, batchSize: 16, seed: ~seed)
    try Folder.create(folder.path)
    try Files.write(Array(settings.yaml().utf8), toFile: folder.settings)
    batches = Batches(
      of: dataset, size: settings.batch.windows, length: progress.windowLength, seed: seed,
      treatment: Windows.Treatment(
        augmentation: Augmentation(semitones: settings.data.transpositions, tempo: 0, levels: 0),
        weights: settings.data.weights),
      position: progress.position)
    metrics = try MetricsFile(path: folder.metrics, keepingTo: progress.step)
  }

  /// Trains until the last step, an interruption, or a limit on KL or diversity; the result is saved in each case.
  package func train(isInterrupted: () -> Bool = { false }, report: (Event) throws -> Void) throws -> Outcome {
    var outcome = Outcome.finished
    while progress.step < settings.adversarial.steps {
      let line = try step()
      metrics.append(line)
      if let failure = metrics.failure { throw failure }
      try report(.learned(line))
      if let limit = limit(line) {
        outcome = limit
        break
      }
      if isInterrupted() {
        try save(report)
        return .interrupted
      }
      if progress.step % settings.evaluation.everySteps == 0 {
        try evaluate(report)
        try save(report)
      }
    }
    try evaluate(report)
    try save(report)
    return outcome
  }

  /// The limit that a step has reached; nil for none.
  private func limit(_ line: AdversarialLine) -> Outcome? {
    if line.meanDivergence > settings.adversarial.divergenceLimit { return .tooFar }
    guard let diversity = line.relativeDiversity, diversity < settings.adversarial.diversityLimit else { return nil }
    return .tooAlike
  }

  private func evaluate(_ report: (Event) throws -> Void) throws {
    try average?.exchange()
    let losses = Result { try heldOut.losses(of: policy.model) }
    try average?.exchange()
    if let bound = try losses.get()?.boundNatsPerToken { try report(.evaluated(step: progress.step, bound: bound)) }
  }

  private func save(_ report: (Event) throws -> Void) throws {
    // The model is written last: if it exists, all files do.
    try method.save(progress)
    try Checkpoint.save(
      folder.last, policy.model, policy.optimizer, average, policy.generator, progress: progress,
      dataHash: dataset.dataHash, metrics: ["tokens": Double(progress.tokens)])
    try report(.saved(folder.last))
  }
}

extension VAE {
  /// Loads a trained model.
  fileprivate convenience init(_ file: ModelFile, path: String, on device: Device, _ precision: Precision) throws {
    try self.init(file.configuration, on: device, precision: precision, generator: Generator(seed: 0))
    try takeParameters(ofFile: path)
  }
}
