internal import CTorch

/// An operation on tensors that libtorch rejected, or an invalid value.
package struct TensorError: Error, Hashable, CustomStringConvertible {
  /// The operation, such as "matmul".
  package let operation: String
  /// Its operands by name and shape, such as "decoder.norm.weight [256]".
  package let operands: [String]
  /// The reason.
  package let reason: String

  package init(operation: String, operands: [String], reason: String) {
    self.operation = operation
    self.operands = operands
    self.reason = reason
  }

  /// Creates an error from the last failure that libtorch reported on this thread.
  init(_ operation: StaticString, _ operands: [Tensor]) {
    self.init(
      operation: "\(operation)", operands: operands.map(\.label), reason: String(cString: ctorch_last_error()))
  }

  package var description: String {
    operands.isEmpty ? "\(operation): \(reason)" : "\(operation) of \(operands.joined(separator: ", ")): \(reason)"
  }
}
