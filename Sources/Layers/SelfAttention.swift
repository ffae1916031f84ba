package import Tensors

/// Multi-head self-attention (Vaswani 2017) with rotary positions: [b, n, d] → [b, n, d].
package struct SelfAttention {
  private let qkv: Linear
  private let output: Linear
  private let heads: Int
  /// The row order of the projection: queries and keys in rotary order, values unchanged.
  private let order: Tensor

  /// - Parameter gain: the scale of the output projection at initialization, smaller for deeper networks.
  package init(_ scope: Scope, width: Int, heads: Int, gain: Double) throws(TensorError) {
    qkv = try Linear(scope["qkv"], width, 3 * width)
    output = try Linear(scope["output"], width, width, gain: gain)
    self.heads = heads
    let rotated = RotaryPositions.rows(heads: 2 * heads, headWidth: width / heads)
    order = try Tensor(rotated + (2 * width..<3 * width).map(Int64.init), [3 * width], on: scope.device)
  }

  /// - Parameter mask: true where a query may attend, [b, 1, 1, n] or [1, 1, n, n]; nil for everywhere.
  package func callAsFunction(
    _ x: Tensor, rotary: RotaryPositions, mask: Tensor?, causal: Bool
  ) throws(TensorError) -> Tensor {
    let projected = try project(x, rotary: rotary, from: 0)
    return try merged(
      Tensor.attention(projected.queries, projected.keys, projected.values, mask: mask, causal: causal))
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
    var (queries, keys, values) = try project(x, rotary: rotary, from: cache.count)
    if let past = cache.past {
      keys = try .concatenate([past.keys, keys], 2)
      values = try .concatenate([past.values, values], 2)
    }
    cache.past = (keys, values)
    return try merged(Tensor.attention(queries, keys, values))
  }

  /// The queries, keys and values of positions from `first` on, [b, h, n, w].
  private func project(
    _ x: Tensor, rotary: RotaryPositions, from first: Int
  ) throws(TensorError) -> (queries: Tensor, keys: Tensor, values: Tensor) {
    let shape = x.shape
    let projected = try qkv(x, rows: order)
      .reshaped([shape[0], shape[1], 3 * heads, shape[2] / heads])  // [b, n, 3h, w]
    let rotated = try rotary(projected.slice(2, 0..<2 * heads), from: first)  // [b, n, 2h, w]
    return (
      try rotated.slice(2, 0..<heads).permuted([0, 2, 1, 3]),
      try rotated.slice(2, heads..<2 * heads).permuted([0, 2, 1, 3]),
      try projected.slice(2, 2 * heads..<3 * heads).permuted([0, 2, 1, 3])
    )
  }

  /// The output of attended values, [b, h, n, w] → [b, n, d].
  private func merged(_ attended: Tensor) throws(TensorError) -> Tensor {
    let shape = attended.shape
    return try output(attended.permuted([0, 2, 1, 3]).reshaped([shape[0], shape[2], shape[1] * shape[3]]))
  }
}
