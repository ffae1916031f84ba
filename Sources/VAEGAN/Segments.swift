public import ModelFormat
public import Tensors

/// Which segments of the levels the windows of a batch have: those with at least one token.
public struct Segments {
  /// 1 for a segment that exists and 0 for one of padding alone, [b, segments, 1].
  private let existing: [Configuration.Level: Tensor]
  private let lengths: [Configuration.Level: Int]

  init(_ batch: Batch, _ latents: Configuration.Latents) throws(TensorError) {
    lengths = [.global: batch.length, .phrase: latents.phraseLength, .local: latents.localLength]
    var existing: [Configuration.Level: Tensor] = [:]
    for (level, length) in lengths {
      let starts = try batch.mask.reshaped([batch.size, batch.length / length, length]).slice(2, 0..<1)
      existing[level] = try starts.converted(to: .float32)
    }
    self.existing = existing
  }

  public func weights(of level: Configuration.Level) -> Tensor { existing[level]! }
  public func length(of level: Configuration.Level) -> Int { lengths[level]! }
}
