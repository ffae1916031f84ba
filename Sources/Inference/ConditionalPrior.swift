internal import CKernels
internal import ModelFormat

/// The Gaussian of the latents of a level, given the parent's sample and the segment's position in its parent.
struct ConditionalPrior: @unchecked Sendable {
  // Sendable: the memory behind the pointers is immutable once the prior exists.
  private let parent: AurlMatrix
  /// [positions, d].
  private let position: UnsafePointer<Float>
  private let output: AurlMatrix
  private let bias: UnsafePointer<Float>

  init(_ level: Configuration.Level, from weights: WeightLoader) {
    let name = "prior.\(level)"
    parent = weights.matrix(name + ".parent.weight")
    position = weights.numbers(name + ".position")
    output = weights.matrix(name + ".output.weight")
    bias = weights.numbers(name + ".output.bias")
  }

  /// The network output that defines the Gaussian.
  func output(parent sample: [Float], position index: Int, _ kernels: Kernels) -> [Float] {
    let width = Int(parent.rows)
    let outputs = Int(output.rows)
    let scratchSize = aurl_linear_scratch(max(width, sample.count), 1)
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: width + outputs) { numbers in
      withUnsafeTemporaryAllocation(byteCount: scratchSize, alignment: 64) { scratch in
        guard let hidden = numbers.baseAddress, let scratch = scratch.baseAddress else { preconditionFailure() }
        hidden.initialize(from: position + index * width, count: width)
        kernels.linear(parent, sample, stride: 0, into: hidden, stride: 0, accumulates: true, scratch: scratch)
        kernels.gelu(hidden, count: width)
        let result = hidden + width
        result.initialize(from: bias, count: outputs)
        kernels.linear(output, hidden, stride: 0, into: result, stride: 0, accumulates: true, scratch: scratch)
        return Array(UnsafeBufferPointer(start: result, count: outputs))
      }
    }
  }
}
