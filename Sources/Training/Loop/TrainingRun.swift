package import Datasets
internal import Files
internal import Layers
internal import ModelFormat
package import Tensors
package import VAEGAN

/// A training run, from its settings to the model in its folder.
///
///     let run = try TrainingRun(settings, on: dataset, resuming: false)
///     let outcome = try run.train { event in print(event) }
///
/// A run that is stopped and resumed makes the same steps as an uninterrupted one. All randomness comes from the seed.
/// Several processes make the same steps as one process with a batch of their total size; process 0 writes the folder.
package final class TrainingRun {
  package let settings: Settings
  package let folder: RunFolder
  package let model: VAE
  package internal(set) var progress: Progress
  let processes: ProcessGroup
  let dataset: Dataset
  let optimizer: AdamW
  /// The exponential moving average of parameters and buffers, which is evaluated and saved as the model.
  let average: MovingAverage?
  /// Draws initial parameters, then latents and word dropout.
  let generator: Generator
  /// Nil if another process writes it.
  var metrics: MetricsFile<MetricsLine>?
  var batches: Batches
  private let heldOut: HeldOut
  let curriculum: LengthCurriculum
  let dataSchedule: DataSchedule
  private let learningRate: LearningRate

  /// The number of consecutive steps that are not finite after which a run ends.
  static let mostSkippedSteps = 50
  /// The number of held-out windows per forward pass, independent of the training batch size, so that the noise of
  /// their latents and thus the results do not depend on it.
  private static let heldOutBatch = 16

  /// Creates a model, or resumes from the last checkpoint in the folder of the settings.
  ///
  /// - Parameter processes: The group of processes that train together, with the same settings.
  /// - Throws: `TrainingError`, `TensorError`, `ModelFormatError` or `FileError`.
  package init(
    _ settings: Settings, on dataset: Dataset, resuming: Bool, processes: ProcessGroup = ProcessGroup()
  ) throws {
    self.settings = settings
    self.dataset = dataset
    self.processes = processes
    folder = RunFolder(path: settings.run.output)
    let isFirst = processes.rank == 0
    if isFirst {
      guard resuming || !folder.hasCheckpoint else { throw TrainingError.exists(folder.path) }
      guard !resuming || folder.hasCheckpoint else { throw TrainingError.noCheckpoint(folder.path) }
    }
    guard dataset.hasNotes(.train), dataset.hasNotes(.valid) else {
      throw TrainingError.unusableData(path: dataset.path, "there are no notes to train on, or none held out")
    }
    dataSchedule = DataSchedule(settings)
    guard dataSchedule.weights.allSatisfy({ dataset.hasNotes(.train, $0) }) else {
      throw TrainingError.unusableData(
        path: dataset.path, "data.weights or data.lateWeights leave out all of its notes")
    }
    guard try processes.share(Array(dataset.dataHash.utf8)) == Array(dataset.dataHash.utf8) else {
      throw TrainingError.unusableData(path: dataset.path, "process 0 has other data")
    }
    let device = try settings.run.prepare(for: processes)
    let seed = UInt64(settings.run.seed)
    generator = try Generator(seed: seed)
    model = try VAE(
      settings.model.configuration, on: device, precision: Precision(settings.run), processes: processes,
      generator: generator)
    let parameters = model.parameters
    if let path = settings.model.initial, isFirst, !resuming {
      let hadOtherPrior = try model.takeParameters(ofFile: path)
      if hadOtherPrior, case .mixture(let mixture)? = model.prior?.global {
        try mixture.fit(to: Self.globalLatents(of: model, settings, dataset, dataSchedule, using: generator))
      }
    }
    optimizer = try AdamW(parameters.parameters, settings: AdamW.Settings(settings.optimizer))
    average = try settings.optimizer.averageDecay.map { try MovingAverage(parameters, decay: $0) }
    progress = Progress(settings)
    curriculum = LengthCurriculum(settings)
    learningRate = LearningRate(settings)
    heldOut = HeldOut(
      dataset, window: settings.model.window, count: settings.evaluation.windows, batchSize: Self.heldOutBatch,
      seed: ~seed)
    if isFirst, resuming {
      progress = try Checkpoint.load(
        folder.last, into: model, optimizer, average, generator, dataHash: dataset.dataHash)
      progress.klWeight.change(to: settings.kl)
    }
    if isFirst {
      try folder.create()
      try Files.write(Array(settings.yaml().utf8), toFile: folder.settings)
    }
    try Self.share(&progress, model, optimizer, average, generator, in: processes)
    batches = Batches(
      of: dataset, size: settings.batch.windows * processes.count, length: progress.windowLength, seed: seed,
      treatment: dataSchedule(progress.treatedStep, tokens: progress.treatedTokens), rank: processes.rank,
      processCount: processes.count, position: progress.position)
    if isFirst { metrics = try MetricsFile<MetricsLine>(path: folder.metrics, keepingTo: progress.step) }
  }

  /// Global latents drawn from their posteriors given music of the training split, for the mixture prior of a model that had
  /// another.
  private static func globalLatents(
    of model: VAE, _ settings: Settings, _ dataset: Dataset, _ schedule: DataSchedule, using generator: Generator
  ) throws -> [[Float]] {
    var batches = Batches(
      of: dataset, size: settings.batch.windows, length: settings.model.window, seed: UInt64(settings.run.seed),
      treatment: schedule(0, tokens: 0))
    var latents: [[Float]] = []
    while latents.count < mixtureSamples {
      let batch = try Batch(
        batches.next(), length: settings.model.window, multiple: model.lengthMultiple, on: model.parameters.device)
      latents += try Gradients.unrecorded { () throws(TensorError) in
        guard let inferred = try model.infer(batch, using: generator, training: false) else { return [] }
        let dimensions = inferred.latents.global.shape[2]
        let values = try inferred.latents.global.floats()
        return try inferred.segments.weights.global.floats().enumerated().filter { $0.element > 0 }.map { row, _ in
          Array(values[row * dimensions..<(row + 1) * dimensions])
        }
      }
    }
    return latents
  }

  /// The number of latents that a mixture prior is fitted to.
  private static let mixtureSamples = 1024

  /// The held-out losses of the model that is saved; nil if there are no held-out windows.
  func heldOutLosses() throws -> Losses? {
    try average?.exchange()
    let losses = Result { try heldOut.losses(of: model) }
    try average?.exchange()
    return try losses.get()
  }

  var isFinished: Bool {
    progress.step >= settings.length.steps || settings.length.tokens.map { progress.tokens >= $0 } ?? false
  }

  /// The learning rate of the next step. A limit of tokens shortens the cosine schedule.
  var nextLearningRate: Double {
    let steps = Double(settings.length.steps)
    let ofTokens = settings.length.tokens.map { Int(steps * Double(progress.tokens) / Double($0)) } ?? 0
    return learningRate(progress.step < settings.optimizer.warmUpSteps ? progress.step : max(progress.step, ofTokens))
  }
}
