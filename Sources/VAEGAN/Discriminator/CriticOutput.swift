package import ModelFormat
package import Tensors

/// A critic's output for stretches of music. Higher logits mean real music.
package struct CriticOutput {
  /// The output of one tower.
  package struct Scale {
    /// The logit of each window, [b, windows].
    package let windows: Tensor
    /// 1 for a window with at least half of its tokens, 0 for one that is mostly padding, [b, windows].
    package let weights: Tensor
    /// The weighted mean over the windows, [b, 1].
    package let mean: Tensor
    /// The maximum over the windows with weight 1, [b, 1].
    package let maximum: Tensor
    /// The hidden states after each block, [b, n, d].
    package let maps: [Tensor]

    init(windows: Tensor, weights: Tensor, maps: [Tensor]) throws(TensorError) {
      self.windows = windows
      self.weights = weights
      self.maps = maps
      mean = try (windows * weights).sum(1, keeping: true) / weights.sum(1, keeping: true).atLeast(1)
      maximum = try (windows + (weights - 1) * 1e9).largest(1, keeping: true)
    }
  }

  package let scales: PerLevel<Scale>
  /// The embedded input, [b, n, d].
  package let input: Tensor
  /// 1 for tokens, 0 for padding, [b, n, 1].
  package let there: Tensor

  /// The weighted sum of the means of the scales: 0.4 local, 0.4 phrase and 0.2 global, [b, 1].
  package var combined: Tensor {
    get throws(TensorError) { try combined(CriticConfiguration.weights) }
  }

  /// The weighted sum of the means of the scales: [b, 1].
  package func combined(_ weights: PerLevel<Double>) throws(TensorError) -> Tensor {
    try scales.global.mean * weights.global + scales.phrase.mean * weights.phrase
      + scales.local.mean * weights.local
  }

  /// The seven feature maps for feature matching: the input, then those of the local, phrase and global tower.
  package var maps: [Tensor] { [input] + scales.local.maps + scales.phrase.maps + scales.global.maps }
}
