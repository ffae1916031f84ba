internal import CTorch

/// An array of numbers of one type on one device, with the history that gradients need.
///
/// A thin owner of one libtorch tensor. Operations create new tensors; in-place operations are named as such and are
/// never recorded for gradients. A tensor must not be used by several threads at once.
package final class Tensor {
  let handle: OpaquePointer
  /// The name in error messages: that of a parameter or an input.
  package let name: String?

  init(handle: OpaquePointer, name: String? = nil) {
    self.handle = handle
    self.name = name
  }

  deinit { ctorch_release(handle) }

  /// The lengths of the dimensions.
  package var shape: [Int] {
    var shape = [Int64](repeating: 0, count: ctorch_rank(handle))
    ctorch_shape(handle, &shape)
    return shape.map(Int.init)
  }

  /// The number of elements.
  package var count: Int { shape.reduce(1, *) }
  package var type: ScalarType { ScalarType(ctorch_type(handle)) }
  package var device: Device { Device(number: ctorch_device(handle)) }

  /// A label such as "name [2, 3]" for error messages.
  package var label: String { (name ?? "tensor") + " \(shape)" }

  /// This tensor with a name, sharing its elements and history.
  package func named(_ name: String) throws(TensorError) -> Tensor {
    let order = shape.indices.map(Int64.init)
    return try Tensor.make("alias", [self], name: name) { ctorch_permute($0, handle, order, order.count, &$1) }
  }
}

extension Tensor {
  /// Runs an operation of libtorch on `operands` and owns its result.
  static func make(
    _ operation: StaticString, _ operands: [Tensor] = [], name: String? = nil,
    _ body: (_ recording: Bool, _ out: inout OpaquePointer?) -> Int32
  ) throws(TensorError) -> Tensor {
    let handle = try received(operation, operands) { body(Gradients.areRecorded, &$0) }
    return Tensor(handle: handle, name: name)
  }

  /// Runs a call of libtorch and takes ownership of the object that it creates.
  static func received(
    _ operation: StaticString, _ operands: [Tensor] = [], _ body: (_ out: inout OpaquePointer?) -> Int32
  ) throws(TensorError) -> OpaquePointer {
    var out: OpaquePointer?
    // Keeps the operands alive until the call returns, whatever the compiler infers about their last use.
    let status = withExtendedLifetime(operands) { body(&out) }
    guard status == 0, let out else { throw TensorError(operation, operands) }
    return out
  }

  /// Runs a call of libtorch without a tensor as result.
  static func perform(
    _ operation: StaticString, _ operands: [Tensor], _ body: () -> Int32
  ) throws(TensorError) {
    guard withExtendedLifetime(operands, body) == 0 else { throw TensorError(operation, operands) }
  }
}
