internal import CTorch

/// A source of random tensors, drawn on the CPU. The same seed gives the same uniform numbers on every machine, and the
/// same normal ones up to rounding, which depends on the processor's instructions.
package final class Generator {
  private let handle: OpaquePointer
  /// The slice, along the first dimension, that this process keeps of each draw. All processes draw the whole tensor,
  /// so that together they hold what one process would draw, and their generators stay in step.
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
    // An offset of half a step avoids 0, whose logarithm is infinite.
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

  /// The complete state of the generator.
  package func state() throws(TensorError) -> [UInt8] {
    let state = try Tensor.make("generator state") { ctorch_generator_state(handle, &$1) }
    return try state.integers().map(UInt8.init)
  }

  /// Continues from a `state()`.
  package func restore(_ state: [UInt8]) throws(TensorError) {
    try Tensor.perform("generator state", []) { ctorch_generator_restore(handle, state, state.count) }
  }
}
