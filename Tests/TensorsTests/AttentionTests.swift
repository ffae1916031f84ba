import TensorTestSupport
import Tensors
import TestSupport
import Testing

/// Attention in each of its implementations: fused, as matrix products, and as matrix products in bfloat16.
@Suite struct AttentionTests {
  enum Way: CaseIterable {
    case fused, products, halves

    func callAsFunction(_ parts: [PlainArray], mask: Tensor?, causal: Bool) throws -> PlainArray {
      let type: ScalarType = self == .halves ? .bfloat16 : .float64
      let parts = try parts.map { try Tensor($0).converted(to: type) }
      return try PlainArray(
        Tensor.attention(parts[0], parts[1], parts[2], mask: mask, causal: causal, fused: self != .products))
    }

    var tolerance: Double { self == .halves ? 0.03 : 1e-12 }
  }

  /// Queries, keys and values with more positions than one matrix product processes.
  private static let parts: [PlainArray] = {
    var generator = SeededGenerator(seed: 1)
    return (0..<3).map { _ in .random([2, 2, 300, 4], using: &generator) }
  }()

  @Test(arguments: Way.allCases, [false, true]) func isExactOverManyPositions(way: Way, causal: Bool) throws {
    let found = try way(Self.parts, mask: nil, causal: causal)
    let expected = PlainArray.attention(Self.parts[0], Self.parts[1], Self.parts[2]) { !causal || $2 <= $1 }
    #expect(found.isClose(to: expected, way.tolerance))
  }

  @Test(arguments: Way.allCases, [false, true]) func masksManyPositions(way: Way, causal: Bool) throws {
    func sees(_ window: Int, _ query: Int, _ key: Int) -> Bool { (key + query / 7 + window) % 3 != 0 || key == 0 }
    let mask = PlainArray([2, 1, 300, 300]) { sees($0[0], $0[2], $0[3]) ? 1 : 0 }
    let found = try way(Self.parts, mask: Tensor(mask).converted(to: .bool), causal: causal)
    let expected = PlainArray.attention(Self.parts[0], Self.parts[1], Self.parts[2]) {
      sees($0, $1, $2) && (!causal || $2 <= $1)
    }
    #expect(found.isClose(to: expected, way.tolerance))
  }

  /// A window that is all padding.
  @Test(arguments: Way.allCases, [false, true]) func aQueryThatSeesNothingGetsZeros(way: Way, causal: Bool) throws {
    var generator = SeededGenerator(seed: 2)
    let parts = (0..<3).map { _ in PlainArray.random([2, 1, 3, 2], using: &generator) }
    let mask = try Tensor([true, true, true, false, false, false], [2, 1, 1, 3])
    let found = try way(parts, mask: mask, causal: causal)
    #expect(found.values[6...].allSatisfy { $0 == 0 })
    #expect(found.values[..<6].allSatisfy { $0 != 0 })
  }

  @Test func nothingSeenHasFiniteGradientsOfGradients() throws {
    let x = try Generator(seed: 1).normal([1, 1, 3, 2]).requireGradient()
    let y = try Tensor.attention(x, x, x, mask: Tensor.zeros([1, 1, 1, 3], type: .bool), fused: false)
    let gradient = try #require(try Gradients.of((y + x).squared().sum(), by: [x], differentiable: true)[0])
    #expect(try gradient.isFinite())
    #expect(try Gradients.of(gradient.squared().sum(), by: [x])[0]?.isFinite() == true)
  }
}
