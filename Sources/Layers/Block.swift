package import Tensors

/// A pre-norm Transformer block (Xiong 2020): [b, n, d] → [b, n, d].
package struct Block {
  private let attentionNorm: RMSNorm
  private let attention: SelfAttention
  private let feedForwardNorm: RMSNorm
  private let feedForward: FeedForward

  /// - Parameter depth: the number of blocks in sequence, by which output projections are scaled down at initialization
  ///   (Radford 2019, §2.3).
  package init(_ scope: Scope, width: Int, heads: Int, inner: Int, depth: Int) throws(TensorError) {
    let gain = 1 / Double(2 * depth).squareRoot()
    attentionNorm = try RMSNorm(scope["attention"]["norm"], width)
    attention = try SelfAttention(scope["attention"], width: width, heads: heads, gain: gain)
    feedForwardNorm = try RMSNorm(scope["feedForward"]["norm"], width)
    feedForward = try FeedForward(scope["feedForward"], width: width, inner: inner, gain: gain)
  }

  package func callAsFunction(
    _ x: Tensor, rotary: RotaryPositions, mask: Tensor? = nil, causal: Bool
  ) throws(TensorError) -> Tensor {
    try fed(x + attention(attentionNorm(x), rotary: rotary, mask: mask, causal: causal))
  }

  /// The same for the next position alone, with causal attention: [b, 1, d] → [b, 1, d].
  package func next(
    _ x: Tensor, after cache: inout SelfAttention.Cache, rotary: RotaryPositions
  ) throws(TensorError) -> Tensor {
    try fed(x + attention.next(attentionNorm(x), after: &cache, rotary: rotary))
  }

  private func fed(_ attended: Tensor) throws(TensorError) -> Tensor {
    try attended + feedForward(feedForwardNorm(attended))
  }
}
