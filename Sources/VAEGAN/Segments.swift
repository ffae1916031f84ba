package import ModelFormat
package import Tensors

/// Which segments of the levels the windows of a batch have: those with at least one token.
package struct Segments {
  /// 1 for a segment that exists and 0 for one of padding alone, [b, segments, 1].
  package let weights: PerLevel<Tensor>
  /// Positions of a segment.
  package let lengths: PerLevel<Int>

  /// - Parameters:
  ///   - mask: which positions have a token, [b, n].
  ///   - window: positions of a latent window; divides n.
  init(_ mask: Tensor, window: Int, _ latents: Configuration.Latents) throws(TensorError) {
    lengths = PerLevel(global: window, phrase: latents.phraseLength, local: latents.localLength)
    let shape = mask.shape
    weights = try lengths.map { length throws(TensorError) in
      let starts = try mask.reshaped([shape[0], shape[1] / length, length]).slice(2, 0..<1)
      return try starts.converted(to: .float32)
    }
  }
}
