internal import Inference
internal import ModelFormat
internal import Tensors
internal import VAEGAN

/// What an engine says of a window and latents of it, in nats.
private struct Bound {
  /// log p(x | z) + log p(z) − log q(z | x), of which bounds are means (Burda 2016).
  var logWeight = 0.0
  /// KL(q ‖ p) of each level.
  var divergences: [Double] = []
}

extension Engines {
  /// The difference of the bounds under latents that libtorch draws, in nats/token.
  func boundDifference(
    _ batch: Batch, _ tokens: [Int], _ posterior: Posterior, _ generator: Generator
  ) throws -> Double {
    guard let drawn = try reference.infer(batch, using: generator, training: false) else { return .infinity }
    let (native, reference) = (try bound(tokens, posterior, latents(drawn, tokens.count)), try bound(batch, drawn))
    let differences = zip([native.logWeight] + native.divergences, [reference.logWeight] + reference.divergences)
      .map { abs($0 - $1) }
    return differences.contains(where: \.isNaN) ? .infinity : (differences.max() ?? 0) / Double(tokens.count)
  }

  /// log p(x | z) by libtorch.
  func logLikelihood(_ batch: Batch, _ latents: VAEGAN.Latents?) throws -> Double {
    try -reference.reconstruction(batch, latents: latents).sum().item()
  }

  /// log p(x | z) by the native engine.
  func logLikelihood(_ tokens: [Int], _ latents: Inference.Latents?) -> Double {
    WindowScorer(native).logProbabilities(tokens, latents).reduce(0) { $0 + Double($1) }
  }

  private func bound(_ tokens: [Int], _ posterior: Posterior, _ z: Inference.Latents) throws -> Bound {
    guard let prior = native.prior else { return Bound() }
    let pairs = posterior.conditionals(given: z)
    let global = posterior.global
    var bound = Bound(logWeight: logLikelihood(tokens, z))
    bound.logWeight += prior.logDensity(global: z.global) - global.logDensity(z.global)
    let standard = Inference.Gaussian(mean: global.mean.map { _ in 0 }, logVariance: global.mean.map { _ in 0 })
    bound.divergences.append(
      configuration.latents?.prior == .standard
        ? global.divergence(from: standard) : global.logDensity(z.global) - prior.logDensity(global: z.global))
    for (pairs, samples) in [(pairs.phrases, z.phrases), (pairs.locals, z.locals)] {
      for (pair, sample) in zip(pairs, samples) {
        bound.logWeight += pair.prior.logDensity(sample) - pair.posterior.logDensity(sample)
      }
      bound.divergences.append(pairs.reduce(0) { $0 + $1.posterior.divergence(from: $1.prior) })
    }
    return bound
  }

  private func bound(_ batch: Batch, _ drawn: Inferred) throws -> Bound {
    guard let prior = reference.prior?.global else { return Bound() }
    let z = drawn.latents
    var bound = Bound(logWeight: try logLikelihood(batch, z))
    bound.logWeight += try prior.logDensity(z.global.reshaped([1, z.global.shape[2]])).item()
    for level in Configuration.Level.allCases {
      let weights = drawn.segments.weights[level]
      bound.logWeight -= try (drawn.posteriors[level].logDensity(z[level]) * weights).sum().item()
      guard level != .global else { continue }
      bound.logWeight += try (drawn.priors[level].logDensity(z[level]) * weights).sum().item()
    }
    bound.divergences = try reference.divergence(drawn, free: FreeBits()).perWindow.all.map { try $0.item() }
    return bound
  }

  /// What libtorch drew for a window of so many tokens, for the native engine.
  private func latents(_ drawn: Inferred, _ count: Int) throws -> Inference.Latents {
    func rows(_ x: Tensor, _ length: Int) throws -> [[Float]] {
      let (numbers, width) = (try x.floats(), x.shape[2])
      return (0..<(count + length - 1) / length).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
    }
    return Inference.Latents(
      global: try drawn.latents.global.floats(),
      phrases: try rows(drawn.latents.phrase, drawn.segments.lengths.phrase),
      locals: try rows(drawn.latents.local, drawn.segments.lengths.local))
  }
}
