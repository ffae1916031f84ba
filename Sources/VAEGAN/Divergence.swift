internal import Layers
package import ModelFormat
package import Tensors

/// The KL divergences of a batch, with and without free bits.
package struct Divergence {
  /// The measured KL of each level in nats per window, summed over segments and averaged over the batch.
  package let perWindow: PerLevel<Tensor>
  /// The KL with free bits, summed over the batch in nats, as used in the objective. Free bits apply to the batches of
  /// all processes together, and each process holds its share of the result.
  package let objective: Tensor
}

/// Free bits: a minimum of KL that is not penalized, against posterior collapse (Kingma 2016, appendix C.8).
package struct FreeBits: Codable, Hashable, Sendable {
  /// The minimum KL of a dimension, in nats per segment, averaged over the batch.
  package var perDimension: [Double]
  /// The minimum KL of a level, in nats per segment.
  package var perLevel: [Double]

  /// Both in the order of the levels.
  package init(perDimension: [Double] = [0, 0, 0], perLevel: [Double] = [0, 0, 0]) {
    self.perDimension = perDimension
    self.perLevel = perLevel
  }
}

extension FreeBits {
  fileprivate var isNone: Bool { (perDimension + perLevel).allSatisfy { $0 <= 0 } }
}

extension VAE {
  /// KL(q ‖ p) of each level of a batch: in closed form if both are Gaussians, otherwise estimated from the sample.
  ///
  /// Free bits apply to the gradient of the posteriors only: the prior is trained on the full KL, since otherwise it
  /// would not match latents within their free bits.
  package func divergence(_ inferred: Inferred, free: FreeBits) throws(TensorError) -> Divergence {
    let sequences = Double(inferred.latents.global.shape[0])
    let fixed = try free.isNone ? nil : fixed(inferred)
    var objective = try Tensor.zeros([], on: parameters.device)
    let perWindow = try PerLevel { level throws(TensorError) in
      let segments = try inferred.segments.weights[level].sum()
      let index = Configuration.Level.allCases.firstIndex(of: level) ?? 0
      let (measured, counted) = try divergence(
        inferred, fixed, of: level, segments: segments, free: free.perDimension[index])
      let floor = free.perLevel[index]
      if floor > 0 {
        let processes = parameters.processes
        let least = try processes.summed(segments) * floor
        let all = try processes.summed(counted)
        objective = try objective + all.maximum(least) / Double(processes.count)
        if let fixed {
          let ofPrior = try divergence(fixed, nil, of: level, segments: segments, free: 0).measured
          objective = try objective + (ofPrior - ofPrior.detached()) * all.isLess(than: least).converted(to: .float32)
        }
      } else {
        objective = try objective + counted
      }
      return try measured / sequences
    }
    return Divergence(perWindow: perWindow, objective: objective)
  }

  /// The same with detached posteriors, so that gradients of the KL reach only the prior.
  private func fixed(_ inferred: Inferred) throws(TensorError) -> Inferred? {
    guard let prior else { return nil }
    let latents = try inferred.latents.map { x throws(TensorError) in try x.detached() }
    let plan = try prior.plan(latents)
    return Inferred(
      latents: latents,
      posteriors: try inferred.posteriors.map { q throws(TensorError) in
        Gaussian(mean: try q.mean.detached(), logVariance: try q.logVariance.detached())
      },
      priors: PerLevel(
        global: try globals(plan.global),
        phrase: try Gaussian(
          output: prior.phrase(latents.global, count: latents.phrase.shape[1]) + plan.phrase),
        local: try Gaussian(output: prior.local(latents.phrase, count: latents.local.shape[1]) + plan.local)),
      segments: inferred.segments)
  }

  /// −log p of all global latents but the first of each sequence under the prior of first latents, summed over the
  /// batch in nats.
  package func firstGlobalNats(_ inferred: Inferred) throws(TensorError) -> Tensor {
    let global = inferred.latents.global
    let shape = global.shape
    guard let prior = prior?.global, shape[1] > 1 else { return try Tensor.zeros([], on: parameters.device) }
    let later = 1..<shape[1]
    let densities = try prior.logDensity(global.slice(1, later).reshaped([shape[0] * later.count, shape[2]]))
    return try -(densities * inferred.segments.weights.global.slice(1, later).reshaped([shape[0] * later.count])).sum()
  }

  /// The KL of a level, summed over the batch in nats, without and with at least `free` nats per dimension.
  ///
  /// - Parameter fixed: the same with gradients for the prior only, used for dimensions within their free bits.
  private func divergence(
    _ inferred: Inferred, _ fixed: Inferred?, of level: Configuration.Level, segments: Tensor, free: Double
  ) throws(TensorError) -> (measured: Tensor, counted: Tensor) {
    func perDimension(_ inferred: Inferred) throws(TensorError) -> Tensor {
      try inferred.posteriors[level].divergence(from: inferred.priors[level]) * inferred.segments.weights[level]
    }
    let elements = try perDimension(inferred)
    if level == .global, let prior = prior?.global, !prior.isStandard {
      // The first global latent of a sequence has no closed form.
      let posterior = inferred.posteriors[level]
      let shape = elements.shape
      let sample = try inferred.latents.global.slice(1, 0..<1)  // [b, 1, n]
      let first = Gaussian(
        mean: try posterior.mean.slice(1, 0..<1), logVariance: try posterior.logVariance.slice(1, 0..<1))
      let density = try prior.logDensity(sample.reshaped([shape[0], shape[2]]))
      var measured = try (first.logDensity(sample).sum(1, 2) - density).sum()
      if shape[1] > 1 { measured = try measured + elements.slice(1, 1..<shape[1]).sum() }
      return (measured, measured)
    }
    let measured = try elements.sum()
    guard free > 0 else { return (measured, measured) }
    let processes = parameters.processes
    let all = try processes.summed(segments)
    let mean = try processes.summed(elements.sum(0, 1)) / all
    var counted = try mean.atLeast(free).sum() * segments
    if let fixed {
      let ofPrior = try perDimension(fixed).sum(0, 1) * mean.isLess(than: free).converted(to: .float32)
      counted = try counted + (ofPrior - ofPrior.detached()).sum()
    }
    return (measured, counted)
  }
}

extension GlobalPrior {
  var isStandard: Bool { if case .standard = self { true } else { false } }
}
