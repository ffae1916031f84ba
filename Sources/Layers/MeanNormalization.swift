package import Tensors

/// BatchNorm on posterior means (BN-VAE, Zhu 2020): with a fixed scale γ their variance over the data cannot vanish,
/// and so neither can the KL.
package final class MeanNormalization {
  /// γ.
  package static let scale = 0.6
  private static let momentum = 0.1
  private static let epsilon = 1e-5
  private let bias: Tensor
  private let mean: Tensor
  private let variance: Tensor
  private let processes: ProcessGroup

  package init(_ scope: Scope, _ dimensions: Int) throws(TensorError) {
    bias = try scope.parameter("bias", [dimensions], .constant(0))
    mean = try scope.buffer("mean", [dimensions], 0)
    variance = try scope.buffer("variance", [dimensions], 1)
    processes = scope.processes
  }

  /// [b, s, n] → [b, s, n], by the statistics of the batch in training (of all processes), by the running ones
  /// otherwise.
  ///
  /// - Parameter weights: 1 for segments that exist and 0 for padding, [b, s, 1].
  package func callAsFunction(_ x: Tensor, weights: Tensor, training: Bool) throws(TensorError) -> Tensor {
    guard training else { return try normalized(x, mean, variance) }
    let count = try processes.summed(weights.sum(0, 1)).atLeast(1)  // [1]
    let mean = try processes.summed((x * weights).sum(0, 1)) / count  // [n]
    let variance = try processes.summed(((x - mean).squared() * weights).sum(0, 1)) / count
    try self.mean.scale(by: 1 - Self.momentum)
    try self.mean.accumulate(mean.detached(), times: Self.momentum)
    try self.variance.scale(by: 1 - Self.momentum)
    try self.variance.accumulate(variance.detached(), times: Self.momentum)
    return try normalized(x, mean, variance)
  }

  private func normalized(_ x: Tensor, _ mean: Tensor, _ variance: Tensor) throws(TensorError) -> Tensor {
    try (x - mean) * (variance + Self.epsilon).reciprocalSquareRoot() * Self.scale + bias
  }
}
