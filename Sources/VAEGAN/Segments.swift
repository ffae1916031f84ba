package import ModelFormat
package import Tensors

/// The segments of each level that exist in the windows of a batch: those with at least one token.
package struct Segments {
  /// 1 for a segment that exists and 0 for one of only padding, [b, segments, 1].
  package let weights: PerLevel<Tensor>
  /// The number of positions of a segment.
  package let lengths: PerLevel<Int>

  /// - Parameters:
  ///   - mask: true for tokens, [b, n].
  ///   - window: the number of positions of a latent window; divides n.
  init(_ mask: Tensor, window: Int, _ latents: Configuration.Latents) throws(TensorError) {
    lengths = PerLevel(global: window, phrase: latents.phraseLength, local: latents.localLength)
    let shape = mask.shape
    weights = try lengths.map { length throws(TensorError) in
      let starts = try mask.reshaped([shape[0], shape[1] / length, length]).slice(2, 0..<1)
      return try starts.converted(to: .float32)
    }
  }
}
