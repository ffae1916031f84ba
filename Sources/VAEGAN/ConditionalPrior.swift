internal import Layers
package import Tensors

/// The Gaussian prior of the latents of a level, given the sample of the parent segment and the position in it.
package struct ConditionalPrior {
  private let parent: Linear
  private let position: Tensor
  private let output: Linear

  init(_ scope: Scope, parent: Int, dimensions: Int, positions: Int, width: Int) throws(TensorError) {
    self.parent = try Linear(scope["parent"], parent, width)
    position = try scope.parameter("position", [positions, width], .normal(0.1))
    output = try Linear(scope["output"], width, 2 * dimensions, bias: true, gain: 0.1)
  }

  /// - Parameters:
  ///   - parents: samples of the level above, [b, m, parent].
  ///   - count: the number of segments of this level, at most m · positions; the last parent may have fewer.
  /// - Returns: the output that defines a Gaussian, [b, count, 2 · dimensions].
  package func callAsFunction(_ parents: Tensor, count: Int) throws(TensorError) -> Tensor {
    let (batch, number) = (parents.shape[0], parents.shape[1])
    let (positions, width) = (position.shape[0], position.shape[1])
    let hidden = try (parent(parents).unsqueezed(2) + position).gelu()  // [b, m, positions, width]
    let segments = try hidden.reshaped([batch, number * positions, width]).slice(1, 0..<count)
    return try output(segments).converted(to: .float32)
  }
}
