package import ModelFormat
package import Tensors

/// What a critic says of stretches of music. Logits are higher the more real the music is to it.
package struct CriticOutput {
  /// What one tower says.
  package struct Scale {
    /// The logit of each window, [b, windows].
    package let windows: Tensor
    /// 1 for a window that has at least half of its tokens and 0 for one that is mostly padding, [b, windows].
    package let weights: Tensor
    /// The mean over the windows that are there, [b, 1].
    package let mean: Tensor
    /// The largest of them, [b, 1].
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
  /// 1 where there is a token, [b, n, 1].
  package let there: Tensor

  /// The means of the scales together, weighted .4 local, .4 phrase and .2 global: [b, 1].
  package var combined: Tensor {
    get throws(TensorError) { try combined(CriticConfiguration.weights) }
  }

  /// The means of the scales together: [b, 1].
  package func combined(_ weights: PerLevel<Double>) throws(TensorError) -> Tensor {
    try scales.global.mean * weights.global + scales.phrase.mean * weights.phrase
      + scales.local.mean * weights.local
  }

  /// The seven maps that feature matching compares: the input, then those of the local, phrase and global tower.
  package var maps: [Tensor] { [input] + scales.local.maps + scales.phrase.maps + scales.global.maps }
}
