package import Tensors

extension Tensor {
  /// A float64 tensor with the values of an array.
  package convenience init(_ array: PlainArray) throws(TensorError) { try self.init(array.values, array.shape) }
}

extension PlainArray {
  package init(_ tensor: Tensor) throws(TensorError) { self.init(tensor.shape, try tensor.doubles()) }

  /// The derivatives of `output` with respect to `leaves`; zeros if it does not depend on a leaf.
  package static func gradients(of output: Tensor, by leaves: [Tensor]) throws(TensorError) -> [PlainArray] {
    var gradients: [PlainArray] = []
    for (leaf, gradient) in zip(leaves, try Gradients.of(output, by: leaves)) {
      gradients.append(
        try gradient.map { gradient throws(TensorError) in try PlainArray(gradient) }
          ?? PlainArray(leaf.shape, of: { _ in 0 }))
    }
    return gradients
  }
}
