internal import CTorch

/// An array of numbers of one type on one device, with the history that gradients need.
///
/// A thin owner of one libtorch tensor. Operations make new tensors; what changes a tensor in place says so in its
/// name and is never recorded for gradients. Not for use from several threads at once.
package final class Tensor {
  let handle: OpaquePointer
  /// What errors call this tensor: the name of a parameter or an input.
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

  /// How many elements there are.
  package var count: Int { shape.reduce(1, *) }
  package var type: ScalarType { ScalarType(ctorch_type(handle)) }
  package var device: Device { Device(number: ctorch_device(handle)) }

  /// "name [2, 3]", for errors.
  package var label: String { (name ?? "tensor") + " \(shape)" }

  /// This tensor under a name, sharing its elements and history.
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

  /// Runs a call of libtorch and takes over the object that it makes.
  static func received(
    _ operation: StaticString, _ operands: [Tensor] = [], _ body: (_ out: inout OpaquePointer?) -> Int32
  ) throws(TensorError) -> OpaquePointer {
    var out: OpaquePointer?
    // The operands live until the call is over, whatever the optimiser knows of their last use.
    let status = withExtendedLifetime(operands) { body(&out) }
    guard status == 0, let out else { throw TensorError(operation, operands) }
    return out
  }

  /// Runs a call of libtorch that has no tensor as result.
  static func perform(
    _ operation: StaticString, _ operands: [Tensor], _ body: () -> Int32
  ) throws(TensorError) {
    guard withExtendedLifetime(operands, body) == 0 else { throw TensorError(operation, operands) }
  }
}
