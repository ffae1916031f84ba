internal import Inference
internal import ModelFormat
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

/// An engine's bound of a window under given latents, in nats.
private struct Bound {
  /// log p(x | z) + log p(z) − log q(z | x), of which bounds are means (Burda 2016).
  var logWeight = 0.0
  /// KL(q ‖ p) of each level.
  var divergences = PerLevel(global: 0.0, phrase: 0, local: 0)
}

extension Engines {
  /// The difference of the bounds under latents that libtorch draws, in nats/token.
  func boundDifference(
    _ batch: Batch, _ window: TokenWindow, _ posteriors: [Posterior], _ generator: Generator
  ) throws -> Double {
    guard let drawn = try reference.infer(batch, using: generator, training: false) else { return .infinity }
    let latents = try latents(drawn, window.tokens.count)
    let (native, reference) = (bound(window, posteriors, latents), try bound(batch, drawn))
    let differences = zip(
      [native.logWeight] + native.divergences.all, [reference.logWeight] + reference.divergences.all
    ).map { abs($0 - $1) }
    return differences.contains(where: \.isNaN) ? .infinity : (differences.max() ?? 0) / Double(window.tokens.count)
  }

  /// log p(x | z) by libtorch.
  func logLikelihood(_ batch: Batch, _ latents: VAEGAN.Latents?) throws -> Double {
    try -reference.reconstruction(batch, latents: latents).sum().item()
  }

  /// log p(x | z) by the native engine.
  func logLikelihood(_ window: TokenWindow, _ latents: [Inference.Latents]) -> Double {
    WindowScorer(native).logProbabilities(window, latents).reduce(0) { $0 + Double($1) }
  }

  private func bound(_ window: TokenWindow, _ posteriors: [Posterior], _ latents: [Inference.Latents]) -> Bound {
    var bound = Bound(logWeight: logLikelihood(window, latents))
    for (index, posterior) in posteriors.enumerated() {
      let draw = posterior.draw(of: latents[index], after: Array(latents[..<index]))
      bound.logWeight += draw.logPrior - draw.logPosterior
      for level in Configuration.Level.allCases { bound.divergences[level] += draw.divergences[level] }
    }
    return bound
  }

  private func bound(_ batch: Batch, _ drawn: Inferred) throws -> Bound {
    guard let prior = reference.prior?.global else { return Bound() }
    let z = drawn.latents
    var bound = Bound(logWeight: try logLikelihood(batch, z))
    let width = z.global.shape[2]
    bound.logWeight += try prior.logDensity(z.global.slice(1, 0..<1).reshaped([1, width])).item()
    for level in Configuration.Level.allCases {
      let weights = drawn.segments.weights[level]
      bound.logWeight -= try (drawn.posteriors[level].logDensity(z[level]) * weights).sum().item()
      let densities = try drawn.priors[level].logDensity(z[level]) * weights
      // The first global latent has the prior above.
      let first = level == .global ? 1 : 0
      guard first < densities.shape[1] else { continue }
      bound.logWeight += try densities.slice(1, first..<densities.shape[1]).sum().item()
    }
    bound.divergences = try reference.divergence(drawn, free: FreeBits()).perWindow.map { try $0.item() }
    return bound
  }

  /// Converts the latents that libtorch drew for a window of `count` tokens to those of the native engine.
  private func latents(_ drawn: Inferred, _ count: Int) throws -> [Inference.Latents] {
    let numbers = try drawn.latents.map { try $0.floats() }
    let widths = drawn.latents.map { $0.shape[2] }
    let lengths = drawn.segments.lengths
    return stride(from: 0, to: count, by: lengths.global).map { start in
      let end = min(count, start + lengths.global)
      func rows(_ level: Configuration.Level) -> [[Float]] {
        let (length, width) = (lengths[level], widths[level])
        return (start / length..<(end + length - 1) / length).map {
          Array(numbers[level][$0 * width..<($0 + 1) * width])
        }
      }
      return Inference.Latents(global: rows(.global)[0], phrases: rows(.phrase), locals: rows(.local))
    }
  }
}
