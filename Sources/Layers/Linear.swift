public import Tensors

/// y = x Wᵀ + b: [… in] → [… out].
public struct Linear {
  public let weight: Tensor
  public let bias: Tensor?

  /// - Parameter gain: the size of outputs beside that of inputs at the start.
  public init(_ scope: Scope, _ inputs: Int, _ outputs: Int, bias: Bool = false, gain: Double = 1) throws(TensorError) {
    weight = try scope.parameter("weight", [outputs, inputs], .scaled(inputs: inputs, gain: gain))
    self.bias = bias ? try scope.parameter("bias", [outputs], .constant(0)) : nil
  }

  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { try x.linear(weight, bias: bias) }
}
