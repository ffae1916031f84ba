internal import Inference
internal import MusicCore
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

/// The gradient of the likelihood ratio of the model and its initial state, without a critic (direct discriminative
/// optimization, Zheng 2025).
final class RatioMethod: AdversarialMethod {
  private let policy: Policy
  /// The initial model in the native engine; nil until the first step.
  private var engine: Model?

  init(_ policy: Policy) { self.policy = policy }

  /// Samples takes of the initial model and accumulates the gradient of the loss of the likelihood ratio of takes and of as
  /// much real music.
  func generatorStep(_ progress: inout Progress, _ stage: CriticStage) throws -> GeneratorStep {
    let settings = policy.settings
    let options = settings.adversarial
    let initial = try engine ?? policy.engine(of: policy.start, step: progress.step)
    engine = initial
    let takes = try policy.takes(
      of: initial, count: options.groups * options.group, group: options.group, purpose: UInt64(progress.step),
      settings.critic.unbiased)
    var numbers = SplitMix64(keys: UInt64(settings.run.seed), UInt64(progress.step), 19)
    let fake = takes.map { Excerpt(window: TokenWindow(tokens: $0.tokens), contextCount: $0.promptCount) }
    let real = takes.map { take in
      let window =
        take.promptCount > 0 ? policy.music.stretchWithContext(using: &numbers) : policy.music.opening(using: &numbers)
      return Excerpt(
        window: window.transposed(by: numbers.number(in: settings.data.transpositions)), contextCount: take.promptCount)
    }
    var (loss, sums) = (0.0, (real: 0.0, fake: 0.0))
    for first in stride(from: 0, to: takes.count, by: settings.batch.windows) {
      let part = first..<min(first + settings.batch.windows, takes.count)
      let ratios = (real: try logRatios(real[part]), fake: try logRatios(fake[part]))
      let share = Double(part.count) / Double(takes.count)
      let value = try LikelihoodRatio.loss(real: ratios.real, fake: ratios.fake, scale: options.ratioScale)
      try (value * (share * options.weight)).backward()
      loss += try share * value.item()
      sums.real += try ratios.real.sum().item()
      sums.fake += try ratios.fake.sum().item()
    }
    let count = Double(takes.count)
    let tokens = takes.reduce(0) { $0 + $1.tokens.count - $1.promptCount }
    return GeneratorStep(
      takes: takes, ratio: RatioValue(loss: loss, real: sums.real / count, fake: sums.fake / count),
      divergence: -sums.fake / Double(tokens))
  }

  /// There is no critic that could learn.
  func updateCritic(
    after generated: GeneratorStep, step: Int, _ stage: CriticStage
  ) -> (loss: Double, gradientNorm: Double?)? { nil }

  func save(_ progress: Progress) {}

  /// Music of which the tokens after a context are judged.
  private struct Excerpt {
    let window: TokenWindow
    let contextCount: Int
  }

  /// log p(x | z) of the model minus that of the initial model, summed over the tokens after the context: [b]. Latents are
  /// drawn from their posterior.
  private func logRatios(_ excerpts: ArraySlice<Excerpt>) throws -> Tensor {
    let batch = try policy.batch(excerpts.map(\.window))
    let latents = try policy.latents(batch)
    let isJudged = try policy.tensor(
      of: excerpts.map { ($0.contextCount, Array(repeating: 1, count: $0.window.tokens.count - $0.contextCount)) },
      length: batch.length)
    let initial = try Gradients.unrecorded { () throws(TensorError) in
      try policy.start.reconstruction(batch, latents: latents)
    }
    return try ((initial - policy.model.reconstruction(batch, latents: latents)) * isJudged).sum(1)
  }
}
