public import Tensors

/// One vector for each segment of a sequence, by attention with a learned query (Lee 2019, PMA with one seed):
/// [b, n, d] → [b, n / length, d].
public struct AttentionPooling {
  private let query: Tensor
  private let keyValue: Linear
  private let heads: Int

  public init(_ scope: Scope, width: Int, heads: Int) throws(TensorError) {
    query = try scope.parameter("query", [width], .normal(1))
    keyValue = try Linear(scope["keyValue"], width, 2 * width)
    self.heads = heads
  }

  /// - Parameters:
  ///   - length: positions of a segment; divides n.
  ///   - mask: which positions count, [b, n]; a segment without any gets the plain average of its values.
  public func callAsFunction(_ x: Tensor, length: Int, mask: Tensor) throws(TensorError) -> Tensor {
    let shape = x.shape
    let (batch, segments, width) = (shape[0], shape[1] / length, shape[2])
    let headWidth = width / heads
    let projected = try keyValue(x).reshaped([batch, segments, length, 2, heads, headWidth])
      .permuted([3, 0, 1, 4, 2, 5])  // [2, b, s, h, length, w]
    let parts = [batch, segments, heads, length, headWidth]
    let keys = try projected.slice(0, 0..<1).reshaped(parts)
    let values = try projected.slice(0, 1..<2).reshaped(parts)
    let query = try query.reshaped([1, 1, heads, headWidth, 1])
    let scores = try (keys.matmul(query) / Double(headWidth).squareRoot())  // [b, s, h, length, 1]
    // Finite, so that a segment of padding alone has no NaN in its softmax; nothing reads its result.
    let penalty = try mask.not().converted(to: .float32).reshaped([batch, segments, 1, length, 1]) * -1e9
    let weights = try (scores + penalty).softmax(3)
    return try (weights * values).sum(3).reshaped([batch, segments, width])
  }
}
