package import Datasets
internal import Files
internal import FoundationEssentials
internal import Inference
internal import Layers
internal import ModelFormat
internal import MusicCore
internal import MusicFeatures
internal import Tensors
internal import Text
package import VAEGAN

/// A run that trains a critic to separate takes of a model from real music.
///
///     let run = try CriticRun(settings, on: dataset, resuming: false)
///     try run.train { event in print(event) }
///
/// Every step uses new takes. All randomness is derived from the seed and the index of the step, so that a run that is
/// stopped and resumed makes the same steps as an uninterrupted one.
package final class CriticRun {
  package let settings: Settings
  package let folder: RunFolder
  package var critic: Discriminator { learner.critic }
  package internal(set) var progress = CriticProgress()
  private var optimizer: AdamW { learner.optimizer }
  private let learner: CriticLearner
  private let real: RealMusic
  private let takes: TakePool
  private let heldOut: CriticHeldOut
  private let dataHash: String
  private let modelHash: String
  private var metrics: MetricsFile<CriticLine>

  /// A line of metrics: over the steps since the previous line, or of an evaluation.
  package struct CriticLine: StepMetrics, Hashable {
    package var step: Int
    package var stage: CriticStage
    package var seconds: Double
    package var loss: Double?
    /// The moving average of the newest tower's accuracy on windows.
    package var accuracy: Double?
    package var gradientNorm: Double?
    package var penalty: Double?
    package var heldOut: CriticMeasure?
  }

  /// The events that a run reports.
  package enum Event: Sendable {
    case learned(CriticLine)
    case evaluated(CriticLine)
    case saved(String)
  }

  /// The purposes of takes: training, calibration and measurement.
  private enum Purpose: UInt64 {
    case training = 1, development, test
  }

  /// Creates a critic, or resumes from the last checkpoint in the folder of the settings.
  ///
  /// - Throws: `TrainingError`, `TensorError`, `ModelFormatError` or `FileError`.
  package init(_ settings: Settings, on dataset: Dataset, resuming: Bool) throws {
    self.settings = settings
    folder = RunFolder(path: settings.run.output)
    guard let path = settings.critic.model else {
      throw TrainingError.unusableModel(path: "critic.model", "names no model")
    }
    guard resuming || !FileSystem.isThere(folder.criticState) else { throw TrainingError.exists(folder.path) }
    guard !resuming || FileSystem.isThere(folder.criticState) else { throw TrainingError.noCheckpoint(folder.path) }
    let device = try settings.run.prepare()
    let seed = UInt64(settings.run.seed)
    let halves: [RealMusic]
    (real, halves) = try RealMusic.parts(of: dataset, settings.data.weights)
    let model = try Model(path: path)
    modelHash = try SHA256.hex(ofFile: path)
    dataHash = dataset.dataHash
    learner = try CriticLearner(settings, on: device, seed: seed)
    func takes(_ purpose: Purpose, after music: RealMusic) -> TakePool {
      TakePool(
        TakeSampler(
          model, path: path, after: music, settings.critic, seed: SplitMix64.first(seed, purpose.rawValue),
          threads: settings.run.threadCount()))
    }
    self.takes = takes(.training, after: real)
    let count = max(1, settings.critic.heldOut / 2)
    let parts = try zip(halves, [Purpose.development, .test]).map { music, purpose in
      var generator = SplitMix64(keys: seed, purpose.rawValue, 7)
      // At most two stretches come from the same take, since those are correlated.
      let fake = try takes(purpose, after: music).stretches(
        count, length: Cut.length, of: 0..<max(1, count / 2), using: &generator)
      let real = fake.map { music.stretch(Cut.length, $0.place, using: &generator) }
      return CriticHeldOut.Part(real: real, fake: fake.map(\.window))
    }
    heldOut = CriticHeldOut(development: parts[0], test: parts[1])
    if let initial = settings.critic.initial, !resuming {
      try CriticCheckpoint.loadParameters(RunFolder(path: initial).criticState, into: learner.critic)
    }
    if resuming {
      progress = try CriticCheckpoint.load(
        folder.criticState, into: learner.critic, learner.optimizer, dataHash: dataHash, modelHash: modelHash)
    }
    try Folder.create(folder.path)
    try Files.write(Array(settings.yaml().utf8), toFile: folder.settings)
    metrics = try MetricsFile(path: folder.metrics, keepingTo: progress.step)
  }

  /// Trains to the end or until it is interrupted; the result is saved in both cases.
  ///
  /// - Returns: Whether it reached the end.
  package func train(isInterrupted: () -> Bool = { false }, report: (Event) throws -> Void) throws -> Bool {
    while progress.step < settings.critic.steps {
      try report(.learned(step()))
      if isInterrupted() {
        try save(nil, report)
        return false
      }
      if progress.step % settings.critic.evaluateEverySteps == 0, progress.step < settings.critic.steps {
        try evaluate(report)
      }
    }
    try evaluate(report)
    return true
  }

  private var learningRate: Double {
    LearningRate(
      peak: settings.critic.learningRate, finalShare: settings.optimizer.finalShare,
      warmUpSteps: settings.critic.warmUpSteps, steps: settings.critic.steps)(progress.step)
  }

  // MARK: A step

  private func step() throws -> CriticLine {
    let start = ContinuousClock.now
    let (real, fake) = try stretches()
    let learned = try learner.learn(
      real: real, fake: fake, weights: progress.stage.weights, learningRate: learningRate, step: progress.step)
    try advance(learned.real, learned.fake)
    progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    return CriticLine(
      step: progress.step, stage: progress.stage, seconds: progress.seconds, loss: learned.loss,
      accuracy: progress.accuracy, gradientNorm: learned.gradientNorm, penalty: learned.penalty)
  }

  /// Equally many stretches of real music and of takes, of one length, transposed to all keys.
  private func stretches() throws(TrainingError) -> (real: [TokenWindow], fake: [TokenWindow]) {
    var generator = SplitMix64(keys: UInt64(settings.run.seed), UInt64(progress.step), 11)
    let count = settings.critic.stretches
    // When a critic is used, stretches may be incomplete.
    let shorter = Cut.length / 2 + 32 * generator.number(in: 0...3)
    let length = generator.number(in: 0...3) == 0 ? shorter : Cut.length
    let first = progress.step * settings.critic.freshTakes
    let fake = try takes.stretches(count, length: length, of: first..<first + settings.critic.takes, using: &generator)
    let real = fake.map { self.real.stretch(length, $0.place, using: &generator) }
    let semitones = settings.data.transpositions
    return (
      real.transposed(within: semitones, using: &generator),
      fake.map(\.window).transposed(within: semitones, using: &generator)
    )
  }

  /// Updates the accuracy of the newest tower, and advances to the next stage if it is due.
  private func advance(_ real: CriticOutput, _ fake: CriticOutput) throws(TensorError) {
    progress.step += 1
    let scale = progress.stage.newest
    let right =
      try real.scales[scale].windows.doubles().map { $0 > 0 ? 1.0 : 0 }
      + fake.scales[scale].windows.doubles().map { $0 < 0 ? 1.0 : 0 }
    progress.accuracy = 0.95 * progress.accuracy + 0.05 * right.reduce(0, +) / Double(right.count)
    let next = progress.stage.next(step: progress.step, settings.critic, accuracy: progress.accuracy)
    if next != progress.stage { progress.accuracy = 0.5 }
    progress.stage = next
  }

  // MARK: Saving

  private func evaluate(_ report: (Event) throws -> Void) throws {
    let (calibration, measure) = try heldOut.measure(critic)
    var line = CriticLine(step: progress.step, stage: progress.stage, seconds: progress.seconds)
    line.heldOut = measure
    metrics.append(line)
    if let failure = metrics.failure { throw failure }
    try report(.evaluated(line))
    try save((calibration, measure), report)
  }

  private func save(
    _ measured: (calibration: CriticCalibration, measure: CriticMeasure)?, _ report: (Event) throws -> Void
  ) throws {
    progress.optimizerStep = optimizer.step
    try CriticCheckpoint.save(
      folder.criticState, critic, optimizer, progress: progress, dataHash: dataHash, modelHash: modelHash)
    if let (calibration, measure) = measured {
      var metrics: [String: Double] = [:]
      for (name, value) in measure.areaUnderCurve { metrics["heldOut.areaUnderCurve.\(name)"] = value }
      for (name, value) in measure.calibrationError { metrics["heldOut.calibrationError.\(name)"] = value }
      let metadata = CriticMetadata(
        configuration: critic.configuration, calibration: calibration, dataHash: dataHash, modelHash: modelHash,
        step: progress.step, metrics: metrics)
      let folded = try critic.folded()
      var writer = try ModelWriter(path: folder.critic, critic: metadata)
      for tensor in metadata.configuration.tensors { try writer.write(folded[tensor.name] ?? [], to: tensor) }
      try writer.commit()
    }
    try report(.saved(folder.criticState))
  }
}
