public import ModelFormat
public import Tensors

/// The KL divergences of a batch, and how much of each the objective leaves free.
public struct Divergence {
  /// Nats in the mean over the windows of the batch, of all segments of a level together, as measured.
  public let perWindow: [Configuration.Level: Tensor]
  /// What enters the objective: the same with free bits, in nats of the whole batch.
  public let objective: Tensor
}

/// Nats that the objective does not count, so that latents are not given up before they are of use (Kingma 2016,
/// appendix C.8).
public struct FreeBits: Codable, Hashable, Sendable {
  /// A dimension's KL counts as at least this, in nats of one segment in the mean over the batch.
  public var perDimension: [Double]
  /// A level's KL counts as at least this, in nats of one segment.
  public var perLevel: [Double]

  /// In the order of the levels.
  public init(perDimension: [Double] = [0, 0, 0], perLevel: [Double] = [0, 0, 0]) {
    self.perDimension = perDimension
    self.perLevel = perLevel
  }
}

extension VAE {
  /// KL(q ‖ p) of each level of a batch: in closed form where both are Gaussians, from the sample otherwise.
  public func divergence(_ inferred: Inferred, free: FreeBits) throws(TensorError) -> Divergence {
    guard let prior else { preconditionFailure("a plain decoder infers nothing") }
    var perWindow: [Configuration.Level: Tensor] = [:]
    var objective = try Tensor.zeros([], on: parameters.device)
    for (index, level) in Configuration.Level.allCases.enumerated() {
      let weights = inferred.segments.weights(of: level)
      let posterior = inferred.posteriors[level]!
      let segments = try weights.sum()
      let measured: Tensor
      let counted: Tensor
      if level == .global, case let prior = prior.global, !prior.isStandard {
        let sample = inferred.latents.global
        let shape = sample.shape
        let density = try prior.logDensity(sample.reshaped([shape[0], shape[2]]))
        measured = try (posterior.logDensity(sample).sum(1, 2) - density).sum()
        counted = measured
      } else {
        let standard = level == .global ? try Gaussian.standard(posterior.mean.shape, on: parameters.device) : nil
        let elements = try posterior.divergence(from: inferred.priors[level] ?? standard!) * weights
        measured = try elements.sum()
        let free = free.perDimension[index]
        counted = free > 0 ? try (elements.sum(0, 1) / segments).atLeast(free).sum() * segments : measured
      }
      perWindow[level] = try measured / Double(inferred.latents.global.shape[0])
      let bound = try segments * free.perLevel[index]
      objective = try objective + (free.perLevel[index] > 0 ? counted.maximum(bound) : counted)
    }
    return Divergence(perWindow: perWindow, objective: objective)
  }
}

extension GlobalPrior {
  var isStandard: Bool { if case .standard = self { true } else { false } }
}
