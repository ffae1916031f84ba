internal import Foundation
internal import Layers
internal import ModelFormat
package import Tensors

/// The prior of the global latent.
package enum GlobalPrior {
  case standard
  case mixture(Mixture)
  case flow(Flow)

  init(_ scope: Scope, _ latents: Configuration.Latents) throws(TensorError) {
    switch latents.prior {
    case .standard: self = .standard
    case .mixture: self = .mixture(try Mixture(scope["mixture"], latents.mixtureComponents, latents.global))
    case .flow: self = .flow(try Flow(scope["flow"], latents.flowLayers, latents.global))
    }
  }

  /// log p(g) of [b, n] → [b].
  package func logDensity(_ x: Tensor) throws(TensorError) -> Tensor {
    switch self {
    case .standard: try Gaussian.standard(x.shape, on: x.device).logDensity(x).sum(1)
    case .mixture(let mixture): try mixture.logDensity(x)
    case .flow(let flow): try flow.logDensity(x)
    }
  }

  /// Draws samples, [count, n].
  package func sample(
    _ count: Int, dimensions: Int, using generator: Generator, on device: Device
  ) throws(TensorError) -> Tensor {
    switch self {
    case .standard: try generator.normal([count, dimensions], on: device)
    case .mixture(let mixture): try mixture.sample(count, using: generator)
    case .flow(let flow): try flow.inverse(generator.normal([count, dimensions], on: device))
    }
  }
}

/// A mixture of Gaussians with diagonal covariance (Dilokthanakul 2016; a prior that is learned: Tomczak 2018).
package struct Mixture {
  private let logits: Tensor
  private let means: Tensor
  private let logVariances: Tensor

  /// The means are initialized apart, because identical components would always receive identical gradients.
  init(_ scope: Scope, _ components: Int, _ dimensions: Int) throws(TensorError) {
    logits = try scope.parameter("logits", [components], .constant(0))
    means = try scope.parameter("means", [components, dimensions], .normal(0.5))
    logVariances = try scope.parameter("logVariances", [components, dimensions], .constant(0))
  }

  package func logDensity(_ x: Tensor) throws(TensorError) -> Tensor {
    let components = Gaussian(mean: means, logVariance: logVariances)
    let densities = try components.logDensity(x.unsqueezed(1)).sum(2)  // [b, components]
    return try (densities + logits.logSoftmax()).logSumExp(1)
  }

  /// Fits the mixture to latents, at least as many as it has components, in random order.
  package func fit(to latents: [[Float]]) throws(TensorError) {
    let fit = MixtureFit(latents.map { $0.map(Double.init) }, components: logits.count)
    func assign(_ values: [Double], to tensor: Tensor) throws(TensorError) {
      try tensor.assign(Tensor(values.map(Float.init), tensor.shape, on: tensor.device))
    }
    try assign(fit.logWeights, to: logits)
    try assign(Array(fit.means.joined()), to: means)
    try assign(Array(fit.logVariances.joined()), to: logVariances)
  }

  func sample(_ count: Int, using generator: Generator) throws(TensorError) -> Tensor {
    let noise = try generator.gumbel([count, logits.shape[0]], on: logits.device)
    let chosen = try (logits.logSoftmax() + noise).argmax(1)
    let components = Gaussian(mean: try means.rows(chosen), logVariance: try logVariances.rows(chosen))
    return try components.sample(generator.normal([count, means.shape[1]], on: logits.device))
  }
}
