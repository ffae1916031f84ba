package import Tensors

/// The division of queries, keys and values among the heads of self-attention with rotary positions (Vaswani 2017; Su 2021).
package struct AttentionHeads {
  private let count: Int
  /// The row order of the projection to queries, keys and values: queries and keys in rotary order, values unchanged.
  package let order: Tensor

  package init(_ count: Int, width: Int, on device: Device) throws(TensorError) {
    self.count = count
    let rotated = RotaryPositions.rows(heads: 2 * count, headWidth: width / count)
    order = try Tensor(rotated + (2 * width..<3 * width).map(Int64.init), [3 * width], on: device)
  }

  /// The queries, keys and values of positions from `first` on, [b, h, n, w], from their projection in `order`, [b, n, 3d].
  package func split(
    _ projected: Tensor, rotary: RotaryPositions, from first: Int = 0
  ) throws(TensorError) -> (queries: Tensor, keys: Tensor, values: Tensor) {
    let shape = projected.shape
    let heads = try projected.reshaped([shape[0], shape[1], 3 * count, shape[2] / (3 * count)])
    let rotated = try rotary(heads.slice(2, 0..<2 * count), from: first)  // [b, n, 2h, w]
    return (
      try rotated.slice(2, 0..<count).permuted([0, 2, 1, 3]),
      try rotated.slice(2, count..<2 * count).permuted([0, 2, 1, 3]),
      try heads.slice(2, 2 * count..<3 * count).permuted([0, 2, 1, 3])
    )
  }

  /// The values that the heads attended to, concatenated: [b, h, n, w] → [b, n, d].
  package func merged(_ attended: Tensor) throws(TensorError) -> Tensor {
    let shape = attended.shape
    return try attended.permuted([0, 2, 1, 3]).reshaped([shape[0], shape[2], shape[1] * shape[3]])
  }
}
