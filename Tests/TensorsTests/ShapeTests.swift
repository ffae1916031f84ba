import Tensors
import Testing

/// Edge cases of `Operation.ofDimensions`.
@Suite struct ShapeTests {
  /// The numbers 0 to 11 as [3, 4].
  private func matrix() throws -> Tensor { try Tensor.range(12, type: .float64).reshaped([3, 4]) }

  @Test(arguments: [(0, [1, 3, 4]), (1, [3, 1, 4]), (2, [3, 4, 1]), (-1, [3, 4, 1]), (-3, [1, 3, 4])])
  func addsADimension(at dimension: Int, expected: [Int]) throws {
    #expect(try matrix().unsqueezed(dimension).shape == expected)
  }

  @Test(arguments: [3, -4]) func refusesADimensionThatCannotBe(dimension: Int) throws {
    let x = try matrix()
    #expect(throws: TensorError.self) { try x.unsqueezed(dimension) }
    #expect(throws: TensorError.self) { try Tensor.stack([x, x], dimension) }
  }

  @Test func cutsNothing() throws {
    let x = try matrix()
    #expect(try x.slice(-1, 4..<4).shape == [3, 0])
    let parts = try x.split(1, into: [1, 0, 3])
    #expect(parts.map(\.shape) == [[3, 1], [3, 0], [3, 3]])
    #expect(try Tensor.concatenate(parts, 1).doubles() == x.doubles())
  }

  @Test func negativePaddingCuts() throws {
    #expect(try matrix().padded(before: -1, after: -2).doubles() == [1, 5, 9])
  }

  @Test func incompleteWindowsAreLeftOut() throws {
    let x = try Tensor.range(7)
    #expect(try x.windows(0, size: 3, step: 3).integers() == [0, 1, 2, 3, 4, 5])
    #expect(try x.windows(0, size: 7, step: 9).shape == [1, 7])
  }
}
