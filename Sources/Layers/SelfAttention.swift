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
    let shape = x.shape
    let (batch, length, width) = (shape[0], shape[1], shape[2])
    let headWidth = width / heads
    let projected = try qkv(x, rows: order).reshaped([batch, length, 3 * heads, headWidth])  // [b, n, 3h, w]
    let rotated = try rotary(projected.slice(2, 0..<2 * heads))  // [b, n, 2h, w]
    let queries = try rotated.slice(2, 0..<heads).permuted([0, 2, 1, 3])  // [b, h, n, w]
    let keys = try rotated.slice(2, heads..<2 * heads).permuted([0, 2, 1, 3])
    let values = try projected.slice(2, 2 * heads..<3 * heads).permuted([0, 2, 1, 3])
    let attended = try Tensor.attention(queries, keys, values, mask: mask, causal: causal)
    return try output(attended.permuted([0, 2, 1, 3]).reshaped([batch, length, width]))
  }
}
