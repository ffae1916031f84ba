package import Tensors

/// Penalties on the gradient of a critic with respect to its embedded input. Their gradients with respect to the
/// parameters are of second order.
package enum GradientPenalty {
  /// E ‖∇D(x)‖² over the items of a batch (Mescheder 2018): R1 for real music x and R2 for fakes. Scalar.
  ///
  /// - Parameters:
  ///   - input: the points at which the gradient is taken, [b, …]; it is detached.
  ///   - critic: the score of each item, [b, 1].
  package static func squaredSlope(
    at input: Tensor, _ critic: (Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    try squaredNorms(at: input, critic).mean()
  }

  /// E (‖∇D(x̂)‖ − 1)² on straight lines between real and fake items (WGAN-GP, Gulrajani 2017). Scalar.
  ///
  /// - Parameter shares: the position of each x̂ between the real item (0) and the fake one (1): [b, 1, …].
  package static func unitSlope(
    between real: Tensor, _ fake: Tensor, at shares: Tensor, _ critic: (Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    let line = try real.detached() + (fake.detached() - real.detached()) * shares
    return try ((squaredNorms(at: line, critic) + 1e-12).squareRoot() - 1).squared().mean()
  }

  /// ‖∇D(x)‖² of each item, [b].
  private static func squaredNorms(
    at input: Tensor, _ critic: (Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    let point = try input.detached().copied().requireGradient()
    let slopes = try Gradients.of(critic(point).sum(), by: [point], differentiable: true)
    guard let slope = slopes[0] else {
      throw TensorError(
        operation: "gradient penalty", operands: [point.label], reason: "the score does not depend on it")
    }
    return try slope.squared().reshaped([slope.shape[0], -1]).sum(1)
  }
}
