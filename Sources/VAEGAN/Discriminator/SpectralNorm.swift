internal import Layers
package import Tensors

/// Spectral normalisation (Miyato 2018) of one weight: what a layer multiplies by is W γ / σ, σ being the largest singular
/// value of W as a matrix of as many rows as outputs, and γ a gain that is learned (σReparam, Zhai 2023).
///
/// W itself is the parameter that the optimiser trains. σ = uᵀWv with the singular vectors u and v in buffers, which
/// `update` brings nearer by power iteration and a forward pass leaves as they are. Gradients go through σ by W.
package struct SpectralNorm {
  /// The name of W, as it is in the file of a critic.
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

  /// The largest singular value of W / σ, by decomposition: 1 where σ is right. O(n³).
  package func trueSigma() throws(TensorError) -> Double {
    let normalized = try self() / gain.detached()
    return try normalized.reshaped([weight.shape[0], -1]).singularValues().largest().item()
  }

  /// Power iteration from where it was.
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

/// A linear map with a normalised weight: [… in] → [… out].
struct NormalizedLinear {
  private let norm: SpectralNorm
  private let bias: Tensor?

  init(
    _ scope: Scope, _ inputs: Int, _ outputs: Int, bias: Bool = false, norms: SpectralNorms
  ) throws(TensorError) {
    norm = try norms.add(scope, "weight", [outputs, inputs])
    self.bias = bias ? try scope.parameter("bias", [outputs], .constant(0)) : nil
  }

  /// - Parameter rows: the rows of W in the order of the outputs, where it is another one.
  func callAsFunction(_ x: Tensor, rows: Tensor? = nil) throws(TensorError) -> Tensor {
    let weight = try norm()
    return try x.linear(rows.map { rows throws(TensorError) in try weight.rows(rows) } ?? weight, bias: bias)
  }
}

/// A convolution with a normalised weight, as long as its input: [b, in, n] → [b, out, n].
struct NormalizedConvolution {
  private let norm: SpectralNorm
  private let bias: Tensor
  private let size: Int

  /// - Parameter size: positions that it sees, an odd number.
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
