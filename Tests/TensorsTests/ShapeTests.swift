import Tensors
import Testing

@Suite struct ShapeTests {
  /// 0 … 11 as [3, 4].
  private func matrix() throws -> Tensor { try Tensor.range(12, type: .float64).reshaped([3, 4]) }

  @Test func reshapes() throws {
    let x = try matrix()
    #expect(try x.reshaped([2, -1]).shape == [2, 6])
    #expect(try x.reshaped([2, 6]).doubles() == (0..<12).map(Double.init))
    #expect(try x.transposed().reshaped([12]).doubles() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(try x.transposed().contiguous().shape == [4, 3])
    #expect(try x.permuted([1, 0]).doubles() == x.transposed().doubles())
  }

  @Test func expandsWithoutCopies() throws {
    let x = try Tensor([1, 2] as [Double], [2, 1]).expanded([-1, 3])
    #expect(x.shape == [2, 3])
    #expect(try x.doubles() == [1, 1, 1, 2, 2, 2])
  }

  @Test func cutsAndJoins() throws {
    let x = try matrix()
    #expect(try x.slice(1, 1..<3).doubles() == [1, 2, 5, 6, 9, 10])
    #expect(try x.slice(-1, 4..<4).shape == [3, 0])
    let parts = try x.split(1, into: [1, 0, 3])
    #expect(parts.map(\.shape) == [[3, 1], [3, 0], [3, 3]])
    #expect(try Tensor.concatenate(parts, 1).doubles() == x.doubles())
    #expect(try Tensor.concatenate([x, x], 0).shape == [6, 4])
  }

  @Test(arguments: [(0, [1, 3, 4]), (1, [3, 1, 4]), (2, [3, 4, 1]), (-1, [3, 4, 1]), (-3, [1, 3, 4])])
  func addsADimension(at dimension: Int, expected: [Int]) throws {
    #expect(try matrix().unsqueezed(dimension).shape == expected)
  }

  @Test(arguments: [3, -4]) func refusesADimensionThatCannotBe(dimension: Int) throws {
    let x = try matrix()
    #expect(throws: TensorError.self) { try x.unsqueezed(dimension) }
  }

  @Test(arguments: [(0, [1, 2, 3, 4, 5, 6]), (1, [1, 2, 5, 6, 3, 4]), (-1, [1, 5, 3, 2, 6, 4])])
  func stacks(at dimension: Int, expected: [Double]) throws {
    let parts = try [[1, 2], [3, 4], [5, 6]].map { try Tensor($0 as [Double], [2]) }
    let stacked = try Tensor.stack(dimension == 1 ? [parts[0], parts[2], parts[1]] : parts, 0)
    if dimension >= 0 {
      #expect(try stacked.doubles() == expected)
    } else {
      let along = try Tensor.stack([parts[0], parts[2], parts[1]], dimension)
      #expect(along.shape == [2, 3])
      #expect(try along.doubles() == expected)
    }
  }

  @Test func picksRows() throws {
    let x = try matrix()
    #expect(try x.rows(Tensor([2, 0, 2], [3])).doubles() == [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11])
    #expect(try x.rows(Tensor([3, 0], [2]), 1).doubles() == [3, 0, 7, 4, 11, 8])
    #expect(try x.gathered(1, Tensor([3, 0, 1], [3, 1])).doubles() == [3, 4, 9])
    #expect(try x.gathered(0, Tensor([2, 1, 0, 2], [1, 4])).doubles() == [8, 5, 2, 11])
  }

  @Test func repeatsEveryElement() throws {
    let x = try Tensor([1, 2, 3, 4] as [Double], [2, 2])
    #expect(try x.repeated(2, 1).doubles() == [1, 1, 2, 2, 3, 3, 4, 4])
    #expect(try x.repeated(2, 0).doubles() == [1, 2, 1, 2, 3, 4, 3, 4])
  }

  @Test func padsTheLastDimension() throws {
    let x = try Tensor([1, 2, 3, 4] as [Double], [2, 2]).padded(before: 1, after: 2, value: 9)
    #expect(x.shape == [2, 5])
    #expect(try x.doubles() == [9, 1, 2, 9, 9, 9, 3, 4, 9, 9])
    // Negative widths cut.
    #expect(try x.padded(before: -1, after: -2).doubles() == [1, 2, 3, 4])
  }

  @Test func makesWindows() throws {
    let x = try Tensor.range(7, type: .float64)
    #expect(try x.windows(0, size: 3, step: 2).doubles() == [0, 1, 2, 2, 3, 4, 4, 5, 6])
    #expect(try matrix().windows(1, size: 2, step: 2).shape == [3, 2, 2])
    // What does not fill a window is left out.
    #expect(try x.windows(0, size: 3, step: 3).shape == [2, 3])
  }
}
