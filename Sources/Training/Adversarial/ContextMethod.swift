internal import Inference
internal import ModelFormat
internal import MusicCore
internal import Parallelism

/// The policy gradient of takes with the user's sampling, with the logits of a context critic as rewards.
final class ContextMethod: AdversarialMethod {
  private let policy: Policy
  /// The initial model in the native engine, whose states the critic knows.
  private let reader: Model
  /// Nil until it has been fitted, in the first step.
  private var critic: ContextCritic?

  /// The number of tokens of a phrase, which the context critic learns from, and of a stretch, which it rewards. Its
  /// logit is linear, so that the logit of a phrase is the mean of those of its stretches.
  private static let (phraseLength, stretchLength) = (128, 32)

  /// - Parameter path: the initial model.
  init(_ policy: Policy, ofModel path: String, resuming: Bool) throws {
    self.policy = policy
    reader = try Model(path: path)
    critic = try resuming ? ContextCritic(contentsOf: policy.folder.criticState) : nil
  }

  func generatorStep(_ progress: inout Progress, _ stage: CriticStage) throws -> GeneratorStep {
    let options = policy.settings.adversarial
    let critic = try fittedCritic(step: progress.step)
    let takes = try policy.rollouts(step: progress.step, policy.settings.critic)
    let states = states(of: takes)
    let rewards = states.map { $0.map(critic.logit) }
    // Takes with and without a prompt differ in length.
    var advantages = Array(repeating: [Double](), count: takes.count)
    for isOpening in [true, false] {
      let some = takes.indices.filter { (takes[$0].promptCount == 0) == isOpening }
      let unpredicted = StretchReturns.unpredicted(
        some.map { returns(rewards[$0]) }, rewards: some.map { rewards[$0] }, discount: options.discount)
      let values = StretchReturns.advantages(unpredicted, group: options.rollouts)
      for (index, ofStretches) in zip(some, values) {
        advantages[index] = ofStretches.flatMap { Array(repeating: $0, count: Self.stretchLength) }
      }
    }
    let all = rewards.joined()
    return GeneratorStep(
      takes: takes, logit: all.reduce(0, +) / Double(all.count),
      policy: try policy.policyBackward(takes, advantages: advantages), phrases: states.flatMap(phrases))
  }

  /// The discounted mean of the rewards from each stretch on.
  private func returns(_ rewards: [Double]) -> [Double] {
    let discount = policy.settings.adversarial.discount
    return StretchReturns(discount: discount, weights: PerLevel(global: 0, phrase: 0, local: 1))(
      PerLevel(global: [], phrase: [], local: rewards))
  }

  /// Fits the context critic to the takes of a step and to real music as well.
  ///
  /// - Returns: The critic's loss on them before.
  func updateCritic(
    after generated: GeneratorStep, step: Int, _ stage: CriticStage
  ) throws -> (loss: Double, gradientNorm: Double?)? {
    let settings = policy.settings
    guard settings.adversarial.criticSteps > 0 else { return nil }
    var numbers = SplitMix64(keys: UInt64(settings.run.seed), UInt64(step), 23)
    let real = realPhrases(like: generated.takes.evenlySpaced(settings.adversarial.takes), using: &numbers)
    let loss = try critic?.learn(real: real, fake: generated.phrases)
    return loss.map { ($0, nil) }
  }

  func save(_ progress: Progress) throws { try critic?.save(policy.folder.criticState) }

  /// The context critic, which is fitted before the first step.
  private func fittedCritic(step: Int) throws -> ContextCritic {
    if let critic { return critic }
    let settings = policy.settings
    var numbers = SplitMix64(keys: UInt64(settings.run.seed), 24)
    let takes = try policy.takes(
      of: policy.engine(of: policy.model, step: step), count: settings.adversarial.contextTakes, group: 1, purpose: ~0,
      settings.critic)
    let fitted = try ContextCritic(
      real: realPhrases(like: takes, using: &numbers), fake: states(of: takes).flatMap(phrases))
    critic = fitted
    return fitted
  }

  /// The phrases of as many passages of real music as there are takes, of the same kinds, transposed like the music that the
  /// model learned from.
  private func realPhrases(like takes: [Take], using numbers: inout SplitMix64) -> [[Float]] {
    let passages = takes.map { take in
      policy.music.passage(like: take, using: &numbers)
        .transposed(by: numbers.number(in: policy.settings.data.transpositions))
    }
    return states(of: passages).flatMap(phrases)
  }

  /// The mean states over each stretch of some music.
  private func states(of music: [Take]) -> [[[Float]]] {
    Parallel.map(music, threads: policy.settings.run.threadCount()) { [reader] _, music in
      ContextReader.states(of: music, by: reader, length: Self.stretchLength)
    }
  }

  /// The mean states over the phrases of some music.
  private func phrases(_ stretches: [[Float]]) -> [[Float]] {
    let count = Self.phraseLength / Self.stretchLength
    return stride(from: 0, through: stretches.count - count, by: count).map { first in
      let parts = stretches[first..<first + count]
      return parts[first].indices.map { column in parts.reduce(0) { $0 + $1[column] } / Float(count) }
    }
  }
}
