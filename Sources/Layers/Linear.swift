package import Tensors

/// y = x Wᵀ + b: [… in] → [… out].
///
/// In mixed precision the product is of bfloat16 factors and its result is bfloat16; the parameters stay float32.
package struct Linear {
  package let weight: Tensor
  package let bias: Tensor?
  private let precision: Precision

  /// - Parameter gain: the size of outputs beside that of inputs at the start.
  package init(_ scope: Scope, _ inputs: Int, _ outputs: Int, bias: Bool = false, gain: Double = 1) throws(TensorError)
  {
    weight = try scope.parameter("weight", [outputs, inputs], .scaled(inputs: inputs, gain: gain))
    self.bias = bias ? try scope.parameter("bias", [outputs], .constant(0)) : nil
    precision = scope.precision
  }

  /// - Parameter rows: the rows of W in the order of the outputs, where it is another one.
  package func callAsFunction(_ x: Tensor, rows: Tensor? = nil) throws(TensorError) -> Tensor {
    let weight = try rows.map { rows throws(TensorError) in try self.weight.rows(rows) } ?? weight
    return try precision.product(x, weight, bias: bias)
  }
}
