internal import Foundation
package import Tensors

/// Independent normal distributions, one for each element.
package struct Gaussian {
  package let mean: Tensor
  package let logVariance: Tensor

  package init(mean: Tensor, logVariance: Tensor) {
    self.mean = mean
    self.logVariance = logVariance
  }

  /// Creates Gaussians from the output [… 2n] of a network: means, then values s with log σ² = 6 tanh(s / 6), which is
  /// smooth, the identity near 0, and within float's range.
  package init(output: Tensor) throws(TensorError) {
    let last = output.shape.count - 1
    let dimensions = output.shape[last] / 2
    mean = try output.slice(last, 0..<dimensions)
    logVariance = try (output.slice(last, dimensions..<2 * dimensions) / 6).tanh() * 6
  }

  /// A reparameterized sample, differentiable with respect to mean and variance (Kingma & Welling 2014, §2.4).
  ///
  /// - Parameter noise: samples of N(0, 1) in the shape of the mean.
  package func sample(_ noise: Tensor) throws(TensorError) -> Tensor {
    try mean + (logVariance * 0.5).exp() * noise
  }

  /// The log density of each element.
  package func logDensity(_ x: Tensor) throws(TensorError) -> Tensor {
    let squares = try (x - mean).squared() * (-logVariance).exp()
    return try (squares + logVariance + log(2 * Double.pi)) * -0.5
  }

  /// KL(self ‖ other) of each element, in nats.
  package func divergence(from other: Gaussian) throws(TensorError) -> Tensor {
    let ratio = try (logVariance - other.logVariance).exp()
    let distance = try (mean - other.mean).squared() * (-other.logVariance).exp()
    return try (ratio + distance - 1 - (logVariance - other.logVariance)) * 0.5
  }

  /// The normalized product of two densities: means weighted by precision (Sønderby 2016, equations 17–19).
  package func product(_ other: Gaussian) throws(TensorError) -> Gaussian {
    let precision = try (-logVariance).exp()
    let otherPrecision = try (-other.logVariance).exp()
    let total = try precision + otherPrecision
    return Gaussian(
      mean: try (mean * precision + other.mean * otherPrecision) / total, logVariance: try -total.log())
  }

  /// N(0, 1) for every element.
  package static func standard(_ shape: [Int], on device: Device) throws(TensorError) -> Gaussian {
    Gaussian(mean: try Tensor.zeros(shape, on: device), logVariance: try Tensor.zeros(shape, on: device))
  }
}
