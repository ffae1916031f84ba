internal import CTorch

/// An operation on tensors that libtorch refused, or a value that must not be there.
package struct TensorError: Error, Hashable, CustomStringConvertible {
  /// What was asked for: "matmul".
  package let operation: String
  /// The tensors it was asked of, by name and shape: "decoder.norm.weight [256]".
  package let operands: [String]
  /// Why it cannot be.
  package let reason: String

  package init(operation: String, operands: [String], reason: String) {
    self.operation = operation
    self.operands = operands
    self.reason = reason
  }

  /// The failure that libtorch reported last on this thread.
  init(_ operation: StaticString, _ operands: [Tensor]) {
    self.init(
      operation: "\(operation)", operands: operands.map(\.label), reason: String(cString: ctorch_last_error()))
  }

  package var description: String {
    operands.isEmpty ? "\(operation): \(reason)" : "\(operation) of \(operands.joined(separator: ", ")): \(reason)"
  }
}
