internal import CTorch

/// The processes that compute together, over the network, by c10d's Gloo; or this one alone.
///
/// Every process makes the same calls in the same order. A call waits for the others; it throws when one of them has
/// ended, and when one does not answer within the timeout. What a call computes is the same in all, bit by bit.
package final class ProcessGroup {
  /// The number of this process among `count`, from 0.
  package let rank: Int
  package let count: Int
  /// The same among the processes of this machine.
  package let localRank: Int
  package let localCount: Int
  /// Nil for a process that is alone, whose calls do nothing.
  private let handle: OpaquePointer?

  /// This process alone.
  package init() {
    (rank, count, localRank, localCount, handle) = (0, 1, 0, 1, nil)
  }

  /// Joins the others, and waits until all are there.
  ///
  /// - Parameter timeout: In seconds; also that of later calls until another is set.
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

  /// Sets how long a call waits for the others, in seconds.
  package func setTimeout(_ seconds: Double) throws(TensorError) {
    try perform { ctorch_group_set_timeout($0, seconds) }
  }

  /// Waits until all processes are here.
  package func barrier() throws(TensorError) { try perform { ctorch_group_barrier($0) } }

  /// Makes each tensor, in place, its sum over all processes. They are of one type, and travel as one.
  package func sum(_ tensors: [Tensor]) throws(TensorError) { try exchange(tensors, ctorch_group_sum) }

  /// Makes each tensor, in place, what it is in process 0. They are of one type, and travel as one.
  package func share(_ tensors: [Tensor]) throws(TensorError) { try exchange(tensors, ctorch_group_broadcast) }

  /// The sum of a tensor over all processes, recorded for gradients. The backward pass is a call as well, in which all
  /// take part; it gives each the gradient of the sum of what the processes make of it.
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

  /// Whether it is so in any process.
  package func any(_ condition: Bool) throws(TensorError) -> Bool { try sum([condition ? 1 : 0])[0] > 0 }

  /// The bytes of process 0.
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
  /// A failure of the exchange between processes, with libtorch's reason.
  fileprivate init(_ rank: Int, _ count: Int, _ what: String) {
    var reason = String(cString: ctorch_last_error())[...]
    // Gloo begins with the place in its source.
    if reason.hasPrefix("["), let end = reason.firstRange(of: "] ") { reason = reason[end.upperBound...] }
    self.init(operation: "process \(rank) of \(count)", operands: [], reason: "\(what) (\(reason))")
  }

  /// Whether it is not what was computed that failed: a device is not there, or other processes are not.
  package var isOfMachines: Bool { operation.hasPrefix("device") || operation.hasPrefix("process ") }
}
