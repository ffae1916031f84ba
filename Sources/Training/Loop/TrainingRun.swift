public import Datasets
internal import Files
internal import Layers
internal import ModelFormat
internal import Tensors
public import VAEGAN

/// A run of training, from its settings to the model in its folder.
///
///     let run = try TrainingRun(settings, on: dataset, resuming: false)
///     let outcome = try run.train { event in print(event) }
///
/// A run that is stopped and resumed makes the same steps as one that is not. All randomness comes from the seed.
public final class TrainingRun {
  public let settings: Settings
  public let folder: RunFolder
  public let model: VAE
  public internal(set) var progress: Progress
  let dataset: Dataset
  let optimizer: AdamW
  /// The moving average of the parameters, which is what is evaluated and saved as the model.
  let average: MovingAverage?
  /// Draws initial values, then latents and word dropout.
  let generator: Generator
  var metrics: MetricsFile
  private var batches: Batches
  private let heldOut: HeldOut
  private let curriculum: LengthCurriculum
  private let learningRate: LearningRate

  /// So many steps in a row that are not finite end a run.
  static let mostSkippedSteps = 50

  /// Makes a model, or takes up the last checkpoint of the run in the folder of the settings.
  ///
  /// - Throws: `TrainingError`, `TensorError`, `ModelFormatError` or `FileError`.
  public init(_ settings: Settings, on dataset: Dataset, resuming: Bool) throws {
    self.settings = settings
    self.dataset = dataset
    folder = RunFolder(path: settings.run.output)
    guard resuming || !folder.hasCheckpoint else { throw TrainingError.exists(folder.path) }
    guard !resuming || folder.hasCheckpoint else { throw TrainingError.noCheckpoint(folder.path) }
    guard !dataset.pieces(.train).isEmpty, !dataset.pieces(.valid).isEmpty else {
      throw TrainingError.unusableData(path: dataset.path, "there are no pieces to train on, or none held out")
    }
    let device = try settings.run.prepare()
    let seed = UInt64(settings.run.seed)
    generator = try Generator(seed: seed)
    model = try VAE(
      settings.model.configuration, on: device, precision: Precision(settings.run), generator: generator)
    let parameters = model.parameters.parameters
    if let path = settings.model.initial, !resuming { try model.takeParameters(ofFile: path) }
    optimizer = try AdamW(parameters, settings: AdamW.Settings(settings.optimizer))
    average = try settings.optimizer.averageDecay.map { try MovingAverage(parameters, decay: $0) }
    progress = Progress(settings)
    curriculum = LengthCurriculum(settings)
    learningRate = LearningRate(settings)
    heldOut = HeldOut(
      dataset, window: settings.model.window, count: settings.evaluation.windows, batchSize: settings.batch.windows,
      seed: ~seed)
    if resuming {
      progress = try Checkpoint.load(
        folder.last, into: model, optimizer, average, generator, dataHash: dataset.dataHash)
      progress.klWeight.change(to: settings.kl)
    }
    batches = Batches(
      of: dataset, size: settings.batch.windows, length: progress.windowLength, seed: seed,
      augmentation: Augmentation(settings.data), position: progress.position)
    try folder.create()
    try Files.write(Array(settings.yaml().utf8), toFile: folder.settings)
    metrics = try MetricsFile(path: folder.metrics, keepingTo: progress.step)
  }

  /// What the held-out windows cost the model that is saved; nil where there are none.
  func heldOutLosses() throws -> Losses? {
    try average?.exchange()
    let losses = Result { try heldOut.losses(of: model) }
    try average?.exchange()
    return try losses.get()
  }

  var isFinished: Bool {
    progress.step >= settings.length.steps || settings.length.tokens.map { progress.tokens >= $0 } ?? false
  }

  /// The rate of the next step. A limit of tokens shortens the cosine.
  var nextLearningRate: Double {
    let steps = Double(settings.length.steps)
    let ofTokens = settings.length.tokens.map { Int(steps * Double(progress.tokens) / Double($0)) } ?? 0
    return learningRate(progress.step < settings.optimizer.warmUpSteps ? progress.step : max(progress.step, ofTokens))
  }
}

// MARK: A step

extension TrainingRun {
  /// Learns from the next batches.
  ///
  /// - Throws: `TrainingError.diverged` where too many steps in a row were not finite.
  func step() throws {
    let start = ContinuousClock.now
    let step = progress.step
    progress.windowLength = curriculum(step)
    batches.length = progress.windowLength
    let parts = (0..<settings.batch.accumulation).map { _ in batches.next() }
    progress.position = batches.position
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
    }
    progress.step += 1
    progress.tokens += sums.tokens
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    progress.seconds += seconds
    if isFinite { progress.sums.add(sums, gradientNorm: norm, seconds: seconds) }
    try count(isFinite: isFinite)
  }

  /// Sums up the gradients of batches, each as far as its tokens are a part of all.
  private func backward(_ parts: [[[UInt16]]]) throws -> LossSums {
    let objective = Objective(
      beta: progress.klWeight(progress.step), freeBits: FreeBits(settings.kl), wordDropout: settings.decoder.wordDropout
    )
    let tokens = parts.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }
    var sums = LossSums()
    try optimizer.clearGradients()
    for windows in parts {
      let batch = try Batch(windows, multiple: model.lengthMultiple, on: model.parameters.device)
      let value = try objective(model, batch, using: generator)
      try (value.loss * (Double(batch.tokenCount) / Double(tokens))).backward()
      // After the backward pass, which a GPU can then begin before it is waited for.
      try sums.add(value, of: batch)
    }
    return sums
  }

  private func count(isFinite: Bool) throws {
    progress.skippedInARow = isFinite ? 0 : progress.skippedInARow + 1
    if !isFinite { progress.skippedSteps += 1 }
    guard progress.skippedInARow < Self.mostSkippedSteps else {
      throw TrainingError.diverged(steps: progress.skippedInARow, at: progress.step)
    }
  }
}
