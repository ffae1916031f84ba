package import Tensors

/// Clipping of gradients by their global norm (Pascanu 2013).
package enum GradientClipping {
  /// √Σ‖gradient‖² over all parameters, before any clipping; not finite if a gradient is not.
  package static func norm(of parameters: [Tensor]) throws(TensorError) -> Double {
    try Gradients.unrecorded { () throws(TensorError) in
      var sums: [Tensor] = []
      for parameter in parameters {
        if let gradient = try parameter.gradient() { sums.append(try gradient.squared().sum()) }
      }
      return sums.isEmpty ? 0 : try Tensor.stack(sums).sum().item().squareRoot()
    }
  }

  /// Scales the gradients so that their norm, which is `norm`, is at most `limit`.
  package static func clip(_ parameters: [Tensor], norm: Double, to limit: Double) throws(TensorError) {
    guard norm > limit else { return }
    for parameter in parameters { try parameter.gradient()?.scale(by: limit / norm) }
  }
}
