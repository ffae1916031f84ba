internal import Inference
internal import Layers
internal import ModelFormat
internal import MusicCore
internal import Parallelism

extension AdversarialRun {
  /// The number of tokens of a phrase, which the context critic learns from, and of a stretch, which it rewards. Its
  /// logit is linear, so that the logit of a phrase is the mean of those of its stretches.
  private static let (phraseLength, stretchLength) = (128, 32)

  /// Samples takes and accumulates their policy gradient, with the logits of the context critic as rewards.
  func contextBackward() throws -> Lesson {
    let options = settings.adversarial
    let critic = try fittedCritic()
    let takes = try takes(of: model, count: options.groups * options.rollouts, group: options.rollouts)
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
    let loss = try backward(extremes(takes, advantages))
    let all = rewards.joined()
    return Lesson(
      takes: takes, logit: all.reduce(0, +) / Double(all.count),
      policy: (loss, try GradientClipping.norm(of: optimizer.parameters)), phrases: states.flatMap(phrases))
  }

  /// The discounted mean of the rewards from each stretch on.
  private func returns(_ rewards: [Double]) -> [Double] {
    StretchReturns(discount: settings.adversarial.discount, weights: PerLevel(global: 0, phrase: 0, local: 1))(
      PerLevel(global: [], phrase: [], local: rewards))
  }

  /// Fits the context critic to the takes of a step and to real music as well.
  ///
  /// - Returns: the critic's loss on them before.
  func teachContext(with lesson: Lesson) throws -> Double? {
    guard settings.adversarial.criticSteps > 0 else { return nil }
    var numbers = SplitMix64(keys: UInt64(settings.run.seed), UInt64(progress.step), 23)
    let real = realPhrases(like: lesson.takes.evenlySpaced(settings.adversarial.takes), using: &numbers)
    return try contextCritic?.learn(real: real, fake: lesson.phrases)
  }

  /// The context critic, which is fitted before the first step.
  private func fittedCritic() throws -> ContextCritic {
    if let contextCritic { return contextCritic }
    var numbers = SplitMix64(keys: UInt64(settings.run.seed), 24)
    let takes = try takes(of: model, count: settings.adversarial.contextTakes, group: 1, purpose: ~0)
    let critic = try ContextCritic(
      real: realPhrases(like: takes, using: &numbers), fake: states(of: takes).flatMap(phrases))
    contextCritic = critic
    return critic
  }

  /// The phrases of as many passages of real music as there are takes, of the same kinds, transposed like the music that the
  /// model learned from.
  private func realPhrases(like takes: [Take], using numbers: inout SplitMix64) -> [[Float]] {
    let passages = takes.map { take in
      music.passage(like: take, using: &numbers)
        .transposed(by: numbers.number(in: settings.data.transpositions))
    }
    return states(of: passages).flatMap(phrases)
  }

  /// The mean states over each stretch of some music.
  private func states(of music: [Take]) -> [[[Float]]] {
    guard let reader else { preconditionFailure("this run has no context critic") }
    return Parallel.map(music, threads: settings.run.threadCount()) { _, music in
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
