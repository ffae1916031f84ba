internal import MusicCore
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

extension AdversarialRun {
  /// Samples takes of the initial model and accumulates the gradient of the loss of the likelihood ratio of takes and of as
  /// much real music (direct discriminative optimization, Zheng 2025).
  func ratioBackward() throws -> Lesson {
    let options = settings.adversarial
    let takes = try takes(of: start, count: options.groups * options.group, group: options.group)
    var numbers = SplitMix64(keys: UInt64(settings.run.seed), UInt64(progress.step), 19)
    let fake = takes.map { Excerpt(window: TokenWindow(tokens: $0.tokens), contextCount: $0.promptCount) }
    let real = takes.map { take in
      let window = take.promptCount > 0 ? music.stretchWithContext(using: &numbers) : music.opening(using: &numbers)
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
    return Lesson(
      takes: takes, ratio: RatioValue(loss: loss, real: sums.real / count, fake: sums.fake / count),
      divergence: -sums.fake / Double(tokens))
  }

  /// Music of which the tokens after a context are judged.
  private struct Excerpt {
    let window: TokenWindow
    let contextCount: Int
  }

  /// log p(x | z) of the model minus that of the initial model, summed over the tokens after the context: [b]. Latents are
  /// drawn from their posterior.
  private func logRatios(_ excerpts: ArraySlice<Excerpt>) throws -> Tensor {
    let batch = try batch(excerpts.map(\.window))
    let latents = try latents(batch)
    let isJudged = try tensor(
      of: excerpts.map { ($0.contextCount, Array(repeating: 1, count: $0.window.tokens.count - $0.contextCount)) },
      length: batch.length)
    let initial = try Gradients.unrecorded { () throws(TensorError) in
      try start.reconstruction(batch, latents: latents)
    }
    return try ((initial - model.reconstruction(batch, latents: latents)) * isJudged).sum(1)
  }
}
