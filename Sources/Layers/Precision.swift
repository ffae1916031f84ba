public import Tensors

/// What the products of a network are computed in.
public enum Precision: String, Codable, CaseIterable, Sendable {
  /// All in float32.
  case single
  /// Products of bfloat16 numbers, summed in float32; all else, parameters and sums of layers too, in float32
  /// (Kalamkar 2019).
  case mixed

  /// x Wᵀ + b.
  public func product(_ x: Tensor, _ weight: Tensor, bias: Tensor? = nil) throws(TensorError) -> Tensor {
    switch self {
    case .single: try x.linear(weight, bias: bias)
    case .mixed:
      try x.converted(to: .bfloat16).linear(
        weight.converted(to: .bfloat16), bias: bias?.converted(to: .bfloat16))
    }
  }
}
