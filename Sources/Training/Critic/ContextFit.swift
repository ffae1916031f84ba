package import Datasets
internal import Inference
internal import Layers
internal import ModelFormat
internal import MusicCore
internal import Parallelism
internal import Tensors
internal import Text

/// Fits the context head of a critic to a model: a logistic regression that separates phrases of the model's takes from
/// phrases of real music, given the hidden states of the model's decoder and the score of the critic's towers.
package struct ContextFit {
  private let settings: Settings
  private let critic: CriticFile
  private let scorer: Critic
  private let model: Model
  private let modelPath: String
  private let dataset: Dataset

  /// Areas under the ROC curve on held-out pieces and unseen takes that neither the head nor its calibration know.
  package struct Outcome: Sendable {
    /// That of the towers alone.
    package var towers: Double
    /// That of the head.
    package var context: Double
    /// The expected calibration error of the head.
    package var calibrationError: Double
    /// The number of phrases that the head was fitted to.
    package var phrases: Int
  }

  /// - Throws: `TrainingError` or `ModelFormatError`.
  package init(_ settings: Settings, critic path: String, model modelPath: String, on dataset: Dataset) throws {
    self.settings = settings
    self.modelPath = modelPath
    self.dataset = dataset
    _ = try settings.run.prepare()
    critic = try CriticFile(path: path)
    scorer = Critic(critic)
    model = try Model(path: modelPath)
  }

  /// Fits the head to phrases of `count` takes and as many passages of real music, and writes the critic with it.
  ///
  /// - Parameters:
  ///   - progress: called with the number of takes that have been sampled.
  /// - Throws: `TrainingError`, `TensorError`, `ModelFormatError` or `FileError`.
  package func run(takes count: Int, to output: String, progress: (Int) throws -> Void) throws -> Outcome {
    // Before the takes are sampled, so that a result that cannot be written costs no time.
    let metadata = try metadata()
    var writer = try ModelWriter(path: output, critic: metadata)
    let (music, halves) = try RealMusic.parts(of: dataset, settings.data.weights)
    let few = max(8, count / 8)
    let known = try phrases(of: count, music, purpose: 31, progress)
    let development = try phrases(of: few, halves[0], purpose: 32) { try progress(count + $0) }
    let test = try phrases(of: few, halves[1], purpose: 33) { try progress(count + few + $0) }
    let regression = try LogisticRegression(known.map(\.features), areReal: known.map(\.isReal))
    // The penalty that is best on the development set is kept.
    let heads = try [0.03, 0.01, 0.003, 0.001, 0.0003].map { try regression.fit(penalty: $0) }
    guard let best = heads.max(by: { development.area($0.callAsFunction) < development.area($1.callAsFunction) }) else {
      preconditionFailure("there are penalties")
    }
    let head = best.calibrated(on: development)
    for tensor in metadata.configuration.tensors {
      switch tensor.name {
      case "context.weight": try writer.write(head.weights, to: tensor)
      case "context.bias": try writer.write([head.bias], to: tensor)
      default: try writer.write(critic.floats(named: tensor.name), to: tensor)
      }
    }
    try writer.commit()
    return Outcome(
      towers: test.area { $0[$0.count - 1] }, context: test.area(head.callAsFunction),
      calibrationError: head.calibrationError(test), phrases: known.count)
  }

  /// A phrase of 128 tokens: the mean states of the decoder over it, and last the log odds of the towers.
  struct Phrase: Sendable {
    var features: [Float]
    var isReal: Bool
  }

  /// The phrases of takes and of as many passages of real music, cut and transposed in the same way.
  private func phrases(
    of count: Int, _ music: RealMusic, purpose: UInt64, _ progress: (Int) throws -> Void
  ) throws -> [Phrase] {
    let seed = SplitMix64.first(UInt64(settings.run.seed), purpose)
    let threads = settings.run.threadCount()
    let sampler = TakeSampler(
      model, path: modelPath, after: music, settings.critic, seed: seed, threads: threads)
    let portion = 8 * threads
    var result: [Phrase] = []
    for first in stride(from: 0, to: count, by: portion) {
      let numbers = Array(first..<min(first + portion, count))
      let streams = zip(numbers, try sampler.make(numbers)).flatMap { number, take in
        var generator = SplitMix64(keys: seed, UInt64(number), 34)
        let passage = music.passage(like: take, using: &generator)
        return [(take, false), (passage, true)].map { stream, isReal in
          (music: stream.transposed(by: generator.number(in: settings.data.transpositions)), isReal: isReal)
        }
      }
      result += Parallel.map(streams, threads: threads) { _, stream in
        features(of: stream.music).map { Phrase(features: $0, isReal: stream.isReal) }
      }.joined()
      try progress(first + numbers.count)
    }
    return result
  }

  /// The features of the consecutive phrases of a stream after a prompt.
  private func features(of music: Take) -> [[Float]] {
    let length = critic.configuration.windows.phrase
    return ContextReader.states(of: music, by: model, length: length).enumerated().compactMap { index, states in
      let end = music.promptCount + (index + 1) * length
      return scorer.logit(ofLast: length, of: Array(music.tokens.prefix(end))).map { states + [Float($0)] }
    }
  }

  /// The metadata of the critic with a context head.
  private func metadata() throws -> CriticMetadata {
    var metadata = critic.metadata
    let c = model.configuration
    metadata.configuration.context = CriticConfiguration.Context(layers: c.decoderLayers, width: c.width)
    metadata.modelHash = try SHA256.hex(ofFile: modelPath)
    return metadata
  }
}

extension ContextReader {
  /// The mean states of a model over the consecutive stretches of `length` tokens after a prompt.
  static func states(of music: Take, by model: Model, length: Int) -> [[Float]] {
    let reader = ContextReader(model)
    reader.read(Array(music.tokens.prefix(music.promptCount)))
    return stride(from: music.promptCount, through: music.tokens.count - length, by: length).map { start in
      reader.read(Array(music.tokens[start..<start + length]))
    }
  }
}

extension [ContextFit.Phrase] {
  /// A score of the phrases of real music, and of those of takes.
  fileprivate func scores(_ score: ([Float]) -> Float) -> (real: [Double], fake: [Double]) {
    func scores(_ isReal: Bool) -> [Double] { filter { $0.isReal == isReal }.map { Double(score($0.features)) } }
    return (scores(true), scores(false))
  }

  /// The area under the ROC curve of a score.
  fileprivate func area(_ score: ([Float]) -> Float) -> Double {
    let scores = scores(score)
    return CriticHeldOut.area(scores.fake, scores.real) ?? 0.5
  }
}

extension LogisticRegression.Line {
  /// The line whose probabilities are calibrated on phrases (Platt 1999).
  fileprivate func calibrated(on phrases: [ContextFit.Phrase]) -> LogisticRegression.Line {
    let (real, fake) = phrases.scores(callAsFunction)
    guard !real.isEmpty, !fake.isEmpty else { return self }
    let line = CriticCalibration.Line(real: real, fake: fake)
    return LogisticRegression.Line(
      weights: weights.map { Float(line.slope) * $0 }, bias: Float(line.slope) * bias + Float(line.offset))
  }

  fileprivate func calibrationError(_ phrases: [ContextFit.Phrase]) -> Double {
    let (real, fake) = phrases.scores(callAsFunction)
    return CriticHeldOut.calibrationError(
      real: real.map(CriticCalibration.probability), fake: fake.map(CriticCalibration.probability))
  }
}
