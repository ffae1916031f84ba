internal import Foundation
internal import Layers
package import Tensors

/// Planar flows from the latent to a standard normal base (Rezende & Mohamed 2015).
package struct Flow {
  private struct Layer {
    let u: Tensor
    let w: Tensor
    let b: Tensor

    /// û, and 1 + wᵀû = softplus(wᵀu), which is positive, so that the layer is invertible (appendix A.1): [n], []. If w
    /// is zero, û is u.
    func direction() throws(TensorError) -> (direction: Tensor, growth: Tensor) {
      let product = try (w * u).sum()
      let softplus = try product.softplus()
      let change = try softplus - 1 - product
      let squares = try w.squared().sum()
      let direction = try u + change * w / (squares + 1e-12)
      return (direction, try Tensor.select(squares.equals(0), product + 1, softplus))
    }
  }
  private let layers: [Layer]

  init(_ scope: Scope, _ count: Int, _ dimensions: Int) throws(TensorError) {
    layers = try (0..<count).map { index throws(TensorError) in
      let scope = scope[index]
      return Layer(
        u: try scope.parameter("u", [dimensions], .scaled(inputs: dimensions)),
        w: try scope.parameter("w", [dimensions], .scaled(inputs: dimensions)),
        b: try scope.parameter("b", [1], .constant(0)))
    }
  }

  /// Maps a latent to the base, with the log determinant of the Jacobian: [b, n] → [b, n], [b].
  package func callAsFunction(_ x: Tensor) throws(TensorError) -> (base: Tensor, logDeterminant: Tensor) {
    var x = x
    var total = try Tensor.zeros([x.shape[0]], on: x.device)
    for layer in layers {
      let (direction, growth) = try layer.direction()
      let bent = try ((x * layer.w).sum(1, keeping: true) + layer.b).tanh()  // [b, 1]
      let squares = try bent.squared()
      // 1 + (1 − tanh²) wᵀû as a sum of terms that are not negative: the direct form cancels near wᵀû = −1.
      total = try total + (squares + (1 - squares) * growth).log().sum(1)
      x = try x + bent * direction
    }
    return (x, total)
  }

  package func logDensity(_ x: Tensor) throws(TensorError) -> Tensor {
    let (base, logDeterminant) = try self(x)
    return try Gaussian.standard(x.shape, on: x.device).logDensity(base).sum(1) + logDeterminant
  }

  /// Maps a base to the latent: [b, n] → [b, n].
  ///
  /// Along w a layer is the increasing scalar function a + wᵀû tanh(a + b), which is inverted by bisection to machine
  /// precision for any slope; the other components follow from it. In double precision.
  package func inverse(_ base: Tensor) throws(TensorError) -> Tensor {
    try Gradients.unrecorded { () throws(TensorError) in
      var x = try base.converted(to: .float64)
      for layer in layers.reversed() {
        let direction = try layer.direction().direction.converted(to: .float64)
        let w = try layer.w.converted(to: .float64)
        let slope = try (direction * w).sum().item()
        let bias = try layer.b.converted(to: .float64).item()
        let targets = try (x * w).sum(1).doubles()
        let bent = targets.map { tanh(Self.root(of: $0, slope: slope, bias: bias) + bias) }
        x = try x - Tensor(bent, [bent.count, 1], on: base.device) * direction
      }
      return try x.converted(to: .float32)
    }
  }

  /// Solves a + slope · tanh(a + bias) = target for a.
  private static func root(of target: Double, slope: Double, bias: Double) -> Double {
    var low = target - abs(slope)
    var high = target + abs(slope)
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if middle + slope * tanh(middle + bias) < target { low = middle } else { high = middle }
    }
  }
}
