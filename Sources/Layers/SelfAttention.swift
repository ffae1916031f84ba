package import Tensors

/// Multi-head self-attention (Vaswani 2017) with rotary positions: [b, n, d] → [b, n, d].
package struct SelfAttention {
  private let qkv: Linear
  private let output: Linear
  private let heads: AttentionHeads

  /// - Parameter gain: the scale of the output projection at initialization, smaller for deeper networks.
  package init(_ scope: Scope, width: Int, heads: Int, gain: Double) throws(TensorError) {
    qkv = try Linear(scope["qkv"], width, 3 * width)
    output = try Linear(scope["output"], width, width, gain: gain)
    self.heads = try AttentionHeads(heads, width: width, on: scope.device)
  }

  /// - Parameter mask: true where a query may attend, [b, 1, 1, n] or [1, 1, n, n]; nil for everywhere.
  package func callAsFunction(
    _ x: Tensor, rotary: RotaryPositions, mask: Tensor?, causal: Bool
  ) throws(TensorError) -> Tensor {
    let (queries, keys, values) = try heads.split(qkv(x, rows: heads.order), rotary: rotary)
    return try output(heads.merged(Tensor.attention(queries, keys, values, mask: mask, causal: causal)))
  }

  /// The keys and values of the positions so far, [b, h, n, w], for causal attention position by position.
  package struct Cache {
    fileprivate var past: (keys: Tensor, values: Tensor)?

    package init() {}

    fileprivate var count: Int { past?.keys.shape[2] ?? 0 }
  }

  /// The same for the next position alone, [b, 1, d] → [b, 1, d], differentiable through all positions.
  package func next(
    _ x: Tensor, after cache: inout Cache, rotary: RotaryPositions
  ) throws(TensorError) -> Tensor {
    var (queries, keys, values) = try heads.split(qkv(x, rows: heads.order), rotary: rotary, from: cache.count)
    if let past = cache.past {
      keys = try .concatenate([past.keys, keys], 2)
      values = try .concatenate([past.values, values], 2)
    }
    cache.past = (keys, values)
    return try output(heads.merged(Tensor.attention(queries, keys, values)))
  }
}
