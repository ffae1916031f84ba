public import Tensors

/// Root mean square layer normalisation (Zhang & Sennrich 2019): [… d] → [… d].
public struct RMSNorm {
  public let weight: Tensor
  public static let epsilon = 1e-5

  public init(_ scope: Scope, _ width: Int) throws(TensorError) {
    weight = try scope.parameter("weight", [width], .constant(1))
  }

  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.rmsNorm(weight, epsilon: Self.epsilon)
  }
}
