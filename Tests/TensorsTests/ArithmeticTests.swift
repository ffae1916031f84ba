import Tensors
import Testing

/// Operations without gradients: comparisons, Booleans, integers.
@Suite struct ArithmeticTests {
  @Test func comparesElements() throws {
    let a = try Tensor([-2, -1, 1, 2, 2, -1] as [Double], [3, 2])
    let b = try Tensor([2, -1] as [Double], [2])
    #expect(try a.equals(b).booleans() == [false, true, false, false, true, true])
    #expect(try a.isLess(than: b).booleans() == [true, false, true, false, false, false])
    #expect(try a.isLess(than: b).type == .bool)
  }

  @Test func comparesWithNumbers() throws {
    let x = try Tensor([1, 2, 3, .nan] as [Double], [4])
    #expect(try x.equals(2).booleans() == [false, true, false, false])
    #expect(try x.isLess(than: 2).booleans() == [true, false, false, false])
    #expect(try x.equals(2).type == .bool)
  }

  @Test func combinesBooleans() throws {
    let a = try Tensor([true, true, false, false], [4])
    let b = try Tensor([true, false, true, false], [4])
    #expect(try a.and(b).booleans() == [true, false, false, false])
    #expect(try a.not().booleans() == [false, false, true, true])
    #expect(try a.not().not().type == .bool)
  }

  /// A float cannot represent all integers from 2²⁴ on, a double from 2⁵³ on.
  @Test func integersStayIntegers() throws {
    let large: Int64 = 1 << 53 + 1
    let x = try Tensor([large, -3, 0], [3])
    for (result, expected) in [
      (try x + 2, [large + 2, -1, 2]), (try x - 1, [large - 1, -4, -1]), (try 1 - x, [1 - large, 4, 1]),
      (try x * 3, [3 * large, -9, 0]), (try -x, [-large, 3, 0]), (try x.atLeast(-1), [large, -1, 0]),
      (try x.atMost(7), [7, -3, 0]), (try x + x, [2 * large, -6, 0]), (try x.sum(), [large - 3]),
      (try x.cumulativeSum(0), [large, large - 3, large - 3]), (try x.largest(), [large]),
    ] {
      #expect(result.type == .int64)
      #expect(try result.integers() == expected)
    }
    #expect(try x.equals(-3).booleans() == [false, true, false])
    #expect(try (x * 0.5).type == .float32)
    #expect(try (x / 2).doubles()[1] == -1.5)
  }
}
