package import Tensors

/// Root mean square layer normalization (Zhang & Sennrich 2019): [… d] → [… d].
package struct RMSNorm {
  package let weight: Tensor
  package static let epsilon = 1e-5

  package init(_ scope: Scope, _ width: Int) throws(TensorError) {
    weight = try scope.parameter("weight", [width], .constant(1))
  }

  package func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.rmsNorm(weight, epsilon: Self.epsilon)
  }
}
