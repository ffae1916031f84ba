package import Tensors

/// The precision in which a network is computed.
package enum Precision: String, Codable, CaseIterable, Sendable {
  /// Everything in float32.
  case single
  /// Linear maps, logits, and the activations and attention of blocks have bfloat16 inputs and outputs with float32
  /// accumulation (Kalamkar 2019). Parameters, the residual stream, norms, attention pooling, densities and losses are
  /// float32.
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
