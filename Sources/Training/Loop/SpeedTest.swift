internal import Glibc
internal import Layers
internal import ModelFormat
internal import MusicCore
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

/// Measures the training speed of this machine: complete training steps on windows of random tokens, which take as long
/// as those of music.
///
///     let figures = try SpeedTest(Settings()).measure(steps: 20)
package final class SpeedTest {
  /// The results of a measurement.
  package struct Figures: Codable, Hashable, Sendable {
    /// The number of tokens trained on per second.
    package var tokensPerSecond: Double
    /// The peak memory of the process in bytes, including start and warm-up.
    package var peakBytes: Int
    /// The loss of the last step, in nats per token.
    package var loss: Double
  }

  private let settings: Settings
  private let model: VAE
  private let optimizer: AdamW
  private let average: MovingAverage?
  private let generator: Generator
  private var random: SplitMix64

  /// Steps before the measurement: libtorch allocates memory and prepares kernels in the first ones.
  private static let warmUpSteps = 3

  /// Creates a new model; settings of data and length of the run are ignored.
  ///
  /// - Throws: `TensorError` or `SettingsError`.
  package init(_ settings: Settings) throws {
    self.settings = settings
    let device = try settings.run.prepare()
    generator = try Generator(seed: UInt64(settings.run.seed))
    random = SplitMix64(seed: UInt64(settings.run.seed))
    model = try VAE(
      settings.model.configuration, on: device, precision: Precision(settings.run), generator: generator)
    let parameters = model.parameters
    optimizer = try AdamW(parameters.parameters, settings: AdamW.Settings(settings.optimizer))
    average = try settings.optimizer.averageDecay.map { try MovingAverage(parameters, decay: $0) }
  }

  /// - Precondition: There is at least one step.
  package func measure(steps: Int) throws -> Figures {
    precondition(steps > 0, "there is nothing to measure")
    for _ in 0..<Self.warmUpSteps { _ = try step() }
    let start = ContinuousClock.now
    var loss = 0.0
    for _ in 0..<steps { loss = try step() }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let tokens = steps * settings.batch.windows * model.configuration.window
    return Figures(tokensPerSecond: Double(tokens) / seconds, peakBytes: Self.peakBytes, loss: loss)
  }

  /// Makes a training step and returns its loss.
  private func step() throws -> Double {
    let length = model.configuration.window
    let windows = (0..<settings.batch.windows).map { _ in
      TokenWindow(
        tokens: (0..<length).map { _ in UInt16.random(in: 0..<UInt16(Configuration.Vocabulary.bos), using: &random) })
    }
    let batch = try Batch(windows, multiple: model.lengthMultiple, on: model.parameters.device)
    try optimizer.clearGradients()
    let loss = try Objective(freeBits: FreeBits(settings.kl))(model, batch, using: generator).loss
    try loss.backward()
    let norm = try GradientClipping.norm(of: optimizer.parameters)
    if let limit = settings.optimizer.clip { try GradientClipping.clip(optimizer.parameters, norm: norm, to: limit) }
    try optimizer.step(learningRate: settings.optimizer.learningRate)
    try average?.update()
    return try loss.item()
  }

  private static var peakBytes: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
