package import Tensors

/// Two linear maps with GELU between them: [… d] → [… d].
package struct FeedForward {
  private let up: Linear
  private let down: Linear

  package init(_ scope: Scope, width: Int, inner: Int, gain: Double) throws(TensorError) {
    up = try Linear(scope["up"], width, inner)
    down = try Linear(scope["down"], inner, width, gain: gain)
  }

  package func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { try down(up(x).gelu()) }
}
