internal import CTorch

/// A source of random tensors, drawn on the CPU. The same seed gives the same uniform numbers on every machine, and the
/// same normal ones but for their last bits, which depend on the instructions they are computed by.
package final class Generator {
  private let handle: OpaquePointer
  /// Which part this process takes of what several draw together, along the first dimension. All of them draw the
  /// whole, so that together they have what one process would draw, and their generators stay the same.
  package var part: (index: Int, count: Int) = (0, 1)

  package init(seed: UInt64) throws(TensorError) {
    handle = try Tensor.received("generator") { ctorch_generator(seed, &$0) }
  }

  deinit { ctorch_generator_release(handle) }

  /// Independent draws of N(0, 1).
  package func normal(_ shape: [Int], on device: Device = .cpu) throws(TensorError) -> Tensor {
    try draw(CTORCH_NORMAL, shape, device)
  }

  /// Independent draws from [0, 1).
  package func uniform(_ shape: [Int], on device: Device = .cpu) throws(TensorError) -> Tensor {
    try draw(CTORCH_UNIFORM, shape, device)
  }

  /// Independent draws of the standard Gumbel distribution: the class with the largest sum of logit and draw is a
  /// sample of their softmax (Jang 2017).
  package func gumbel(_ shape: [Int], on device: Device = .cpu) throws(TensorError) -> Tensor {
    // Half a step of the generator keeps 0, whose logarithm is infinite, away.
    try -(-uniform(shape, on: device).atLeast(0x1p-25).log()).log()
  }

  private func draw(
    _ distribution: CTorchDistribution, _ shape: [Int], _ device: Device
  ) throws(TensorError) -> Tensor {
    var lengths = shape.map(Int64.init)
    if part.count > 1 { lengths[0] *= Int64(part.count) }
    var drawn = try Tensor.make("random") { ctorch_random(distribution, handle, lengths, lengths.count, &$1) }
    if part.count > 1 { drawn = try drawn.slice(0, part.index * shape[0]..<(part.index + 1) * shape[0]) }
    return device == .cpu ? drawn : try drawn.moved(to: device)
  }

  /// Everything that decides what is drawn next.
  package func state() throws(TensorError) -> [UInt8] {
    let state = try Tensor.make("generator state") { ctorch_generator_state(handle, &$1) }
    return try state.integers().map(UInt8.init)
  }

  /// Continues from a `state()`.
  package func restore(_ state: [UInt8]) throws(TensorError) {
    try Tensor.perform("generator state", []) { ctorch_generator_restore(handle, state, state.count) }
  }
}
