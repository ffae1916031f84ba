internal import CTorch

// In-place operations, which are never recorded for gradients: for optimizers, running averages and buffers.
extension Tensor {
  /// Assigns all elements of a tensor of the same shape.
  package func assign(_ other: Tensor) throws(TensorError) {
    try Tensor.perform("assign", [self, other]) { ctorch_assign(handle, other.handle) }
  }

  package func scale(by factor: Double) throws(TensorError) {
    try Tensor.perform("scale", [self]) { ctorch_scale(handle, factor) }
  }

  /// Adds `factor` · `other`.
  package func accumulate(_ other: Tensor, times factor: Double = 1) throws(TensorError) {
    try Tensor.perform("accumulate", [self, other]) { ctorch_accumulate(handle, other.handle, factor) }
  }

  /// Adds `factor` · `a` · `b`.
  package func accumulateProduct(_ a: Tensor, _ b: Tensor, times factor: Double) throws(TensorError) {
    try Tensor.perform("accumulate", [self, a, b]) { ctorch_accumulate_product(handle, a.handle, b.handle, factor) }
  }

  /// Adds `factor` · `a` / (√`b` + ε).
  package func accumulateQuotient(
    _ a: Tensor, bySquareRootOf b: Tensor, epsilon: Double, times factor: Double
  ) throws(TensorError) {
    try Tensor.perform("accumulate", [self, a, b]) {
      ctorch_accumulate_quotient(handle, a.handle, b.handle, epsilon, factor)
    }
  }
}
