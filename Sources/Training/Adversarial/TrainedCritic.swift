internal import Datasets
internal import Layers
internal import MusicCore
internal import VAEGAN

/// A critic that was trained before an adversarial run, and is trained further on the takes of its steps.
struct TrainedCritic {
  /// Its progress when the run began or was resumed.
  let progress: CriticProgress
  private let policy: Policy
  private let learner: CriticLearner
  private let dataHash: String
  private let modelHash: String

  var towers: Discriminator { learner.critic }

  /// Loads the critic from the run that trained it, or from the folder of an adversarial run that is resumed.
  ///
  /// - Parameter path: the initial model, on whose takes it was trained.
  init(_ policy: Policy, ofModel path: String, dataHash: String, resuming: Bool) throws {
    let settings = policy.settings
    guard let trained = settings.adversarial.critic else {
      throw TrainingError.unusableModel(path: "adversarial.critic", "names no run of a critic")
    }
    self.policy = policy
    self.dataHash = dataHash
    modelHash = try SHA256.hex(ofFile: path)
    learner = try CriticLearner(settings, on: policy.device, seed: UInt64(settings.run.seed))
    let folder = resuming ? policy.folder : RunFolder(path: trained)
    progress = try CriticCheckpoint.load(
      folder.criticState, into: learner.critic, learner.optimizer, dataHash: dataHash, modelHash: modelHash)
  }

  /// Updates the critic on some of the takes and as much real music, cut in the same way.
  ///
  /// - Returns: The last of the critic's steps; nil if it is not trained.
  func learn(from generated: GeneratorStep, step: Int, _ stage: CriticStage) throws -> CriticLearner.Step? {
    let settings = policy.settings
    var last: CriticLearner.Step?
    for number in 0..<settings.adversarial.criticSteps {
      var numbers = SplitMix64(keys: UInt64(settings.run.seed), UInt64(step), 13 + UInt64(number))
      let some = generated.takes.shuffled(using: &numbers).evenlySpaced(settings.adversarial.takes)
      let fake = some.map { take in
        let starts = 0...take.tokens.count - generated.length
        let start = take.promptCount > 0 ? take.promptCount : numbers.number(in: starts)
        return Cut.stretch(of: take.tokens, from: start, length: generated.length, using: &numbers)
      }
      let real = some.map { take in
        let opening = Cut.Place.opening(last: take.tokens.count - generated.length)
        return policy.music.stretch(generated.length, take.promptCount > 0 ? .anywhere : opening, using: &numbers)
      }
      let semitones = settings.data.transpositions
      last = try learner.learn(
        real: real.transposed(within: semitones, using: &numbers),
        fake: fake.transposed(within: semitones, using: &numbers), weights: stage.weights,
        learningRate: settings.adversarial.criticLearningRate, step: step)
    }
    return last
  }

  func save(_ progress: Progress) throws {
    guard var critic = progress.adversarial?.critic else { return }
    critic.optimizerStep = learner.optimizer.step
    try CriticCheckpoint.save(
      policy.folder.criticState, learner.critic, learner.optimizer, progress: critic, dataHash: dataHash,
      modelHash: modelHash)
  }
}

/// A method with a critic that was trained before.
protocol TrainedCriticMethod: AdversarialMethod {
  var critic: TrainedCritic { get }
}

extension TrainedCriticMethod {
  var criticProgress: CriticProgress? { critic.progress }

  func updateCritic(
    after generated: GeneratorStep, step: Int, _ stage: CriticStage
  ) throws -> (loss: Double, gradientNorm: Double?)? {
    try critic.learn(from: generated, step: step, stage).map { ($0.loss, $0.gradientNorm) }
  }

  func save(_ progress: Progress) throws { try critic.save(progress) }
}
