internal import CTorch

/// A group of processes that compute together over the network (c10d's Gloo backend), or a single process.
///
/// Every process makes the same calls in the same order. A call waits for the others and throws if one of them has
/// ended or does not respond within the timeout. The result of a call is bit-identical in all processes.
package final class ProcessGroup {
  /// The number of this process among `count`, from 0.
  package let rank: Int
  package let count: Int
  /// The number of this process among those of this machine.
  package let localRank: Int
  package let localCount: Int
  /// Nil for a single process, whose calls do nothing.
  private let handle: OpaquePointer?

  /// Creates a group of this process alone.
  package init() {
    (rank, count, localRank, localCount, handle) = (0, 1, 0, 1, nil)
  }

  /// Joins the group, and waits until all processes have joined.
  ///
  /// - Parameter timeout: The timeout in seconds, also of later calls until another is set.
  package init(_ launch: Launch, timeout: Double) throws(TensorError) {
    (rank, count, localRank, localCount) = (launch.rank, launch.count, launch.localRank, launch.localCount)
    var out: OpaquePointer?
    let status = ctorch_group_join(
      launch.host, launch.port, launch.isServer, Int32(rank), Int32(count), timeout, &out)
    guard status == 0, let out else {
      throw TensorError(rank, count, "the others cannot be joined at \(launch.host), port \(launch.port)")
    }
    handle = out
  }

  deinit { ctorch_group_release(handle) }

  /// Sets the timeout of calls, in seconds.
  package func setTimeout(_ seconds: Double) throws(TensorError) {
    try perform { ctorch_group_set_timeout($0, seconds) }
  }

  /// Waits until all processes have reached this call.
  package func barrier() throws(TensorError) { try perform { ctorch_group_barrier($0) } }

  /// Replaces each tensor, in place, by its sum over all processes (all-reduce). All must have one type; they are sent
  /// as one message.
  package func sum(_ tensors: [Tensor]) throws(TensorError) { try exchange(tensors, ctorch_group_sum) }

  /// Replaces each tensor, in place, by that of process 0 (broadcast). All must have one type; they are sent as one
  /// message.
  package func share(_ tensors: [Tensor]) throws(TensorError) { try exchange(tensors, ctorch_group_broadcast) }

  /// The sum of a tensor over all processes, recorded for gradients. The backward pass is a collective call too, in
  /// which all take part; each process receives the gradient of the sum of all processes' losses.
  package func summed(_ tensor: Tensor) throws(TensorError) -> Tensor {
    guard let handle else { return tensor }
    var out: OpaquePointer?
    try perform { _ in ctorch_group_summed(Gradients.areRecorded, handle, tensor.handle, &out) }
    return out.map { Tensor(handle: $0) } ?? tensor
  }

  private func exchange(
    _ tensors: [Tensor], _ call: (OpaquePointer?, UnsafePointer<OpaquePointer?>?, Int) -> Int32
  ) throws(TensorError) {
    guard !tensors.isEmpty else { return }
    let handles = tensors.map { Optional($0.handle) }
    try perform { handle in withExtendedLifetime(tensors) { call(handle, handles, handles.count) } }
  }

  private func perform(_ call: (OpaquePointer) -> Int32) throws(TensorError) {
    guard let handle else { return }
    guard call(handle) == 0 else { throw TensorError(rank, count, "lost the others") }
  }
}

// MARK: Values

extension ProcessGroup {
  /// The sum of each number over all processes.
  package func sum(_ values: [Double]) throws(TensorError) -> [Double] {
    guard count > 1 else { return values }
    let tensor = try Tensor(values, [values.count])
    try sum([tensor])
    return try tensor.doubles()
  }

  /// Whether the condition holds in any process.
  package func any(_ condition: Bool) throws(TensorError) -> Bool { try sum([condition ? 1 : 0])[0] > 0 }

  /// The bytes of process 0 (broadcast).
  package func share(_ bytes: [UInt8]) throws(TensorError) -> [UInt8] {
    guard count > 1 else { return bytes }
    let length = try Tensor([Int64(bytes.count)], [1])
    try share([length])
    let own = bytes.map(Int64.init)
    let all = Int(try length.item())
    let tensor = try rank == 0 ? Tensor(own, [own.count]) : Tensor.zeros([all], type: .int64)
    try share([tensor])
    return try tensor.integers().map { UInt8(truncatingIfNeeded: $0) }
  }
}

extension TensorError {
  /// A communication error between processes, with libtorch's reason.
  fileprivate init(_ rank: Int, _ count: Int, _ what: String) {
    var reason = String(cString: ctorch_last_error())[...]
    // Gloo's messages begin with a source location.
    if reason.hasPrefix("["), let end = reason.firstRange(of: "] ") { reason = reason[end.upperBound...] }
    self.init(operation: "process \(rank) of \(count)", operands: [], reason: "\(what) (\(reason))")
  }

  /// Whether the cause is the environment rather than the computation: a missing device, or other processes.
  package var isOfMachines: Bool { operation.hasPrefix("device") || operation.hasPrefix("process ") }
}
