package import Tensors

/// Muon (Jordan 2024): momentum whose update is orthogonalized, for the matrices of Transformer blocks.
///
/// The update has the root mean square of AdamW's (0.2 √max(m, n) per unit of the learning rate, Liu 2025), so that both
/// can share learning rate and weight decay.
enum Muon {
  private static let momentum = 0.95

  /// Whether a parameter is a matrix of a block.
  static func applies(to parameter: Tensor) -> Bool {
    parameter.shape.count == 2 && parameter.name?.contains("blocks.") == true
  }

  /// Updates a matrix, except for weight decay.
  ///
  /// - Parameter average: the momentum, a sum of gradients with decay.
  static func update(
    _ matrix: Tensor, gradient: Tensor, average: Tensor, learningRate: Double
  ) throws(TensorError) {
    try average.scale(by: momentum)
    try average.accumulate(gradient)
    let direction = try (gradient + average * momentum).orthogonalized()  // Nesterov's momentum
    let size = Double(matrix.shape.max() ?? 1).squareRoot()
    try matrix.accumulate(direction, times: -0.2 * size * learningRate)
  }
}

extension Tensor {
  /// U Vᵀ of the singular value decomposition U Σ Vᵀ of a matrix, approximately: five Newton–Schulz iterations with the
  /// coefficients of Jordan (2024), which bring the singular values close to 1 (0.7…1.2), except for very small ones.
  package func orthogonalized() throws(TensorError) -> Tensor {
    let isTall = shape[0] > shape[1]
    var x = isTall ? try transposed().contiguous() : self
    x = try x / (x.squared().sum().squareRoot() + 1e-7)
    for _ in 0..<5 {
      let gram = try x.matmul(x.transposed())
      x = try x * 3.4445 + (gram * -4.7750 + gram.matmul(gram) * 2.0315).matmul(x)
    }
    return isTall ? try x.transposed() : x
  }
}
