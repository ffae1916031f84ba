internal import CTorch

/// Reverse-mode differentiation.
package enum Gradients {
  @TaskLocal static var areRecorded = true

  /// Runs `body` without recording operations for gradients.
  package static func unrecorded<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outcome = $areRecorded.withValue(false) { () -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// The derivatives of the scalar `output` with respect to each of `inputs`; nil if it does not depend on one. With
  /// `differentiable` they can be differentiated again; with `retainsGraph` other outputs that depend on the same
  /// intermediate results can still be differentiated.
  package static func of(
    _ output: Tensor, by inputs: [Tensor], differentiable: Bool = false, retainsGraph: Bool = false
  ) throws(TensorError) -> [Tensor?] {
    var found = [OpaquePointer?](repeating: nil, count: inputs.count)
    try Tensor.perform("gradient", [output]) {
      let handles = inputs.map { Optional($0.handle) }
      return withExtendedLifetime(inputs) {
        ctorch_gradients(
          output.handle, handles, handles.count, differentiable, differentiable || retainsGraph, &found)
      }
    }
    return found.map { $0.map { Tensor(handle: $0) } }
  }
}

extension Tensor {
  /// Whether operations on this tensor are recorded for gradients.
  package var requiresGradient: Bool { ctorch_requires_gradient(handle) }

  /// Makes this tensor a leaf that accumulates gradients in backward passes.
  @discardableResult
  package func requireGradient(_ isRequired: Bool = true) throws(TensorError) -> Tensor {
    try Tensor.perform("gradient requirement", [self]) { ctorch_require_gradient(handle, isRequired) }
    return self
  }

  /// Adds the derivatives of this scalar to the gradients of all leaves it depends on.
  package func backward() throws(TensorError) {
    try Tensor.perform("backward", [self]) { ctorch_backward(handle) }
  }

  /// The accumulated gradient; nil if there is none.
  package func gradient() throws(TensorError) -> Tensor? {
    var out: OpaquePointer?
    try Tensor.perform("gradient", [self]) { ctorch_gradient(handle, &out) }
    return out.map { Tensor(handle: $0, name: name.map { $0 + " (gradient)" }) }
  }

  /// Removes the gradient.
  package func clearGradient() throws(TensorError) {
    try Tensor.perform("clear gradient", [self]) { ctorch_clear_gradient(handle) }
  }
}
