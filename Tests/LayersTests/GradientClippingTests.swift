import Layers
import Tensors
import Testing

@Suite struct GradientClippingTests {
  /// Parameters whose gradients are 3 and (0, 4): their norm is 5.
  private func parameters() throws -> [Tensor] {
    let a = try Tensor.ones([1]).requireGradient()
    let b = try Tensor.ones([2]).requireGradient()
    let unused = try Tensor.ones([2]).requireGradient()
    try (a * 3).sum().backward()
    try (b * Tensor([0, 4] as [Float], [2])).sum().backward()
    return [a, b, unused]
  }

  @Test func measuresAllGradientsTogether() throws {
    #expect(abs(try GradientClipping.norm(of: parameters()) - 5) < 1e-6)
    #expect(try GradientClipping.norm(of: []) == 0)
  }

  @Test(arguments: [(0.5, 0.1), (5, 1), (7, 1)])
  func scalesToTheLimit(limit: Double, factor: Double) throws {
    let parameters = try parameters()
    try GradientClipping.clip(parameters, norm: 5, to: limit)
    let gradients = try parameters.flatMap { try $0.gradient()?.doubles() ?? [] }
    #expect(zip(gradients, [3, 0, 4]).allSatisfy { abs($0 - $1 * factor) < 1e-6 })
  }

  @Test(arguments: [Double.infinity, .nan]) func isNotFiniteWhereAGradientIsNot(value: Double) throws {
    let a = try Tensor.ones([2]).requireGradient()
    try (a * value).sum().backward()
    #expect(!(try GradientClipping.norm(of: [a]).isFinite))
  }
}
