package import Tensors

/// What the products of a network are computed in.
package enum Precision: String, Codable, CaseIterable, Sendable {
  /// All in float32.
  case single
  /// Linear maps, logits, and activations and attention of the blocks take and give bfloat16 numbers, summed in float32
  /// (Kalamkar 2019). Parameters, the residual stream, norms, attention pooling, densities and losses are float32.
  case mixed

  /// x Wᵀ + b.
  package func product(_ x: Tensor, _ weight: Tensor, bias: Tensor? = nil) throws(TensorError) -> Tensor {
    switch self {
    case .single: try x.linear(weight, bias: bias)
    case .mixed:
      try x.converted(to: .bfloat16).linear(
        weight.converted(to: .bfloat16), bias: bias?.converted(to: .bfloat16))
    }
  }
}
