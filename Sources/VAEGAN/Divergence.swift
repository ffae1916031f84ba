internal import ModelFormat
public import Tensors

/// The KL divergences of a batch, and how much of each the objective leaves free.
public struct Divergence {
  /// Nats in the mean over the windows of the batch, of all segments of a level together, as measured.
  public let perWindow: PerLevel<Tensor>
  /// What enters the objective: the same with free bits, in nats of the whole batch. Free bits count over the batches
  /// of all processes together, and each process has its part of the result.
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
    let windows = Double(inferred.latents.global.shape[0])
    var objective = try Tensor.zeros([], on: parameters.device)
    let perWindow = try PerLevel { level throws(TensorError) in
      let segments = try inferred.segments.weights[level].sum()
      let index = Configuration.Level.allCases.firstIndex(of: level) ?? 0
      let (measured, counted) = try divergence(inferred, of: level, segments: segments, free: free.perDimension[index])
      let floor = free.perLevel[index]
      if floor > 0 {
        let processes = parameters.processes
        let least = try processes.summed(segments) * floor
        objective = try objective + processes.summed(counted).maximum(least) / Double(processes.count)
      } else {
        objective = try objective + counted
      }
      return try measured / windows
    }
    return Divergence(perWindow: perWindow, objective: objective)
  }

  /// The KL of a level in nats of the whole batch, and the same with at least `free` nats of each dimension.
  private func divergence(
    _ inferred: Inferred, of level: Configuration.Level, segments: Tensor, free: Double
  ) throws(TensorError) -> (measured: Tensor, counted: Tensor) {
    let posterior = inferred.posteriors[level]
    if level == .global, let prior = prior?.global, !prior.isStandard {
      let sample = inferred.latents.global
      let shape = sample.shape
      let density = try prior.logDensity(sample.reshaped([shape[0], shape[2]]))
      let measured = try (posterior.logDensity(sample).sum(1, 2) - density).sum()
      return (measured, measured)
    }
    let elements = try posterior.divergence(from: inferred.priors[level]) * inferred.segments.weights[level]
    let measured = try elements.sum()
    guard free > 0 else { return (measured, measured) }
    let processes = parameters.processes
    let mean = try processes.summed(elements.sum(0, 1)) / processes.summed(segments)
    return (measured, try mean.atLeast(free).sum() * segments)
  }
}

extension GlobalPrior {
  var isStandard: Bool { if case .standard = self { true } else { false } }
}
