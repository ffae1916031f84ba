package import Tensors

/// y = x Wᵀ + b: [… in] → [… out].
///
/// In mixed precision the factors and the result are bfloat16; the parameters stay float32.
package struct Linear {
  package let weight: Tensor
  package let bias: Tensor?
  private let precision: Precision

  /// - Parameter gain: the scale of outputs relative to inputs at initialization.
  package init(_ scope: Scope, _ inputs: Int, _ outputs: Int, bias: Bool = false, gain: Double = 1) throws(TensorError)
  {
    weight = try scope.parameter("weight", [outputs, inputs], .scaled(inputs: inputs, gain: gain))
    self.bias = bias ? try scope.parameter("bias", [outputs], .constant(0)) : nil
    precision = scope.precision
  }

  /// - Parameter rows: the order of the rows of W, if the outputs have another one.
  package func callAsFunction(_ x: Tensor, rows: Tensor? = nil) throws(TensorError) -> Tensor {
    let weight = try rows.map { rows throws(TensorError) in try self.weight.rows(rows) } ?? weight
    return try precision.product(x, weight, bias: bias)
  }
}
