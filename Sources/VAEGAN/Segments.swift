internal import ModelFormat
public import Tensors

/// Which segments of the levels the windows of a batch have: those with at least one token.
public struct Segments {
  /// 1 for a segment that exists and 0 for one of padding alone, [b, segments, 1].
  public let weights: PerLevel<Tensor>
  /// Positions of a segment.
  public let lengths: PerLevel<Int>

  init(_ batch: Batch, _ latents: Configuration.Latents) throws(TensorError) {
    lengths = PerLevel(global: batch.length, phrase: latents.phraseLength, local: latents.localLength)
    weights = try lengths.map { length throws(TensorError) in
      let starts = try batch.mask.reshaped([batch.size, batch.length / length, length]).slice(2, 0..<1)
      return try starts.converted(to: .float32)
    }
  }
}
