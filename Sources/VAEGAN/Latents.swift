package import ModelFormat
package import Tensors

/// The latents of all levels of a batch of sequences: [b, segments, dimensions] each; 0 for segments that do not exist.
package typealias Latents = PerLevel<Tensor>

extension Latents {
  /// The concatenated global, phrase and local latents of each local segment: [b, local segments, total].
  func concatenated() throws(TensorError) -> Tensor {
    let count = local.shape[1]
    let phrases = try phrase.repeated(count / phrase.shape[1], 1)
    let globals = try global.repeated(count / global.shape[1], 1)
    return try Tensor.concatenate([globals, phrases, local], 2)
  }

  /// The same shapes, all zero.
  package func zeroed() throws(TensorError) -> Latents { try map { x throws(TensorError) in try x * 0 } }
}
