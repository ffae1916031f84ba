package import Tensors

/// One vector for each segment of a sequence, by attention with a learned query (Lee 2019, PMA with one seed):
/// [b, n, d] → [b, n / length, d].
package struct AttentionPooling {
  private let query: Tensor
  private let keyValue: Linear
  private let heads: Int

  package init(_ scope: Scope, width: Int, heads: Int) throws(TensorError) {
    query = try scope.parameter("query", [width], .normal(1))
    keyValue = try Linear(scope["keyValue"], width, 2 * width)
    self.heads = heads
  }

  /// - Parameters:
  ///   - length: the number of positions of a segment; divides n.
  ///   - mask: true for positions that are attended to, [b, n]; a segment without any gets the mean of its values.
  package func callAsFunction(_ x: Tensor, length: Int, mask: Tensor) throws(TensorError) -> Tensor {
    let shape = x.shape
    let (batch, segments, width) = (shape[0], shape[1] / length, shape[2])
    let headWidth = width / heads
    // The scores of a head are x · (Wkᵀ q) and its result is Wv · Σ a x: keys and values themselves are not needed.
    let weight = try keyValue.weight.reshaped([2, heads, headWidth, width])
    let keyWeight = try weight.slice(0, 0..<1).reshaped([heads, headWidth, width])
    let valueWeight = try weight.slice(0, 1..<2).reshaped([heads, headWidth, width])
    let directions = try query.reshaped([heads, 1, headWidth]).matmul(keyWeight).reshaped([heads, width])
    let scores = try x.linear(directions / Double(headWidth).squareRoot())  // [b, n, h]
      .reshaped([batch, segments, length, heads]).transposed()  // [b, s, h, length]
    // Finite, so that the softmax of a segment of only padding has no NaN; its result is not used.
    let penalty = try mask.not().converted(to: .float32).reshaped([batch, segments, 1, length]) * -1e9
    let weights = try (scores + penalty).softmax(3)
    let pooled = try weights.matmul(x.reshaped([batch, segments, length, width]))  // [b, s, h, d]
    return try pooled.unsqueezed(3).matmul(valueWeight.transposed())  // [b, s, h, 1, w]
      .reshaped([batch, segments, width])
  }
}
