internal import Layers
package import Tensors

/// Spectral normalization (Miyato 2018) of one weight: the effective weight is W γ / σ, where σ is the largest singular
/// value of W as a matrix with one row per output, and γ a learned gain (σReparam, Zhai 2023).
///
/// W is the trained parameter. σ = uᵀWv, with the singular vectors u and v in buffers that `update` refines by power
/// iteration and a forward pass does not change. Gradients flow through σ to W.
package struct SpectralNorm {
  /// The name of W in the file of a critic.
  package let name: String
  package let weight: Tensor
  package let gain: Tensor
  private let left: Tensor
  private let right: Tensor

  init(_ scope: Scope, _ name: String, _ shape: [Int]) throws(TensorError) {
    let columns = shape.dropFirst().reduce(1, *)
    weight = try scope.parameter("weight", shape, .scaled(inputs: columns))
    self.name = weight.name ?? name
    gain = try scope.parameter("gain", [1], .constant(1))
    left = try scope.buffer("left", [shape[0], 1], 1)
    right = try scope.buffer("right", [columns, 1], 1)
    try update(iterations: 30)
  }

  /// W as a matrix.
  package var matrix: Tensor {
    get throws(TensorError) { try weight.reshaped([weight.shape[0], -1]) }
  }

  /// W γ / σ, in the shape of W.
  package func callAsFunction() throws(TensorError) -> Tensor {
    let sigma = try left.transposed().matmul(matrix.matmul(right)).reshaped([1])
    return try weight * (gain / sigma).reshaped(Array(repeating: 1, count: weight.shape.count))
  }

  /// The largest singular value of W / σ, by SVD: 1 if σ is exact. O(n³).
  package func trueSigma() throws(TensorError) -> Double {
    let normalized = try self() / gain.detached()
    return try normalized.reshaped([weight.shape[0], -1]).singularValues().largest().item()
  }

  /// Continues the power iteration.
  package func update(iterations: Int) throws(TensorError) {
    try Gradients.unrecorded { () throws(TensorError) in
      let matrix = try matrix
      let transposed = try matrix.transposed()
      for _ in 0..<iterations {
        try right.assign(Self.unit(transposed.matmul(left)))
        try left.assign(Self.unit(matrix.matmul(right)))
      }
    }
  }

  private static func unit(_ x: Tensor) throws(TensorError) -> Tensor {
    try x / (x.squared().sum() + 1e-24).squareRoot()
  }
}

/// All spectral norms of a network.
final class SpectralNorms {
  private(set) var all: [SpectralNorm] = []

  func add(_ scope: Scope, _ name: String, _ shape: [Int]) throws(TensorError) -> SpectralNorm {
    let norm = try SpectralNorm(scope, name, shape)
    all.append(norm)
    return norm
  }
}

/// A linear map with a normalized weight: [… in] → [… out].
struct NormalizedLinear {
  private let norm: SpectralNorm
  private let bias: Tensor?

  init(
    _ scope: Scope, _ inputs: Int, _ outputs: Int, bias: Bool = false, norms: SpectralNorms
  ) throws(TensorError) {
    norm = try norms.add(scope, "weight", [outputs, inputs])
    self.bias = bias ? try scope.parameter("bias", [outputs], .constant(0)) : nil
  }

  /// - Parameter rows: the order of the rows of W, if the outputs have another one.
  func callAsFunction(_ x: Tensor, rows: Tensor? = nil) throws(TensorError) -> Tensor {
    let weight = try norm()
    return try x.linear(rows.map { rows throws(TensorError) in try weight.rows(rows) } ?? weight, bias: bias)
  }
}

/// A convolution with a normalized weight and the length of its input: [b, in, n] → [b, out, n].
struct NormalizedConvolution {
  private let norm: SpectralNorm
  private let bias: Tensor
  private let size: Int

  /// - Parameter size: the kernel size, odd.
  init(
    _ scope: Scope, inputs: Int, outputs: Int, size: Int, norms: SpectralNorms
  ) throws(TensorError) {
    norm = try norms.add(scope, "weight", [outputs, inputs, size])
    bias = try scope.parameter("bias", [outputs], .constant(0))
    self.size = size
  }

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.convolution(norm(), bias: bias, padding: size / 2)
  }
}
