import Foundation
import Tensors
import TestSupport
import Testing

/// Every operation on elements against the standard library's arithmetic.
@Suite struct ArithmeticTests {
  struct Unary: Sendable, CustomStringConvertible {
    var description: String
    var range: ClosedRange<Double> = -3...3
    var operation: @Sendable (Tensor) throws(TensorError) -> Tensor
    var expected: @Sendable (Double) -> Double
  }

  static let unaries = [
    Unary(description: "negation", operation: { x throws(TensorError) in try -x }, expected: { -$0 }),
    Unary(description: "exp", operation: { x throws(TensorError) in try x.exp() }, expected: { exp($0) }),
    Unary(
      description: "log", range: 0.1...9, operation: { x throws(TensorError) in try x.log() }, expected: { log($0) }),
    Unary(
      description: "square root", range: 0...9, operation: { x throws(TensorError) in try x.squareRoot() },
      expected: { $0.squareRoot() }),
    Unary(
      description: "reciprocal square root", range: 0.1...9,
      operation: { x throws(TensorError) in try x.reciprocalSquareRoot() }, expected: { 1 / $0.squareRoot() }),
    Unary(description: "square", operation: { x throws(TensorError) in try x.squared() }, expected: { $0 * $0 }),
    Unary(description: "power", operation: { x throws(TensorError) in try x.power(3) }, expected: { $0 * $0 * $0 }),
    Unary(
      description: "fractional power", range: 0...4, operation: { x throws(TensorError) in try x.power(0.3) },
      expected: { pow($0, 0.3) }),
    Unary(description: "magnitude", operation: { x throws(TensorError) in try x.magnitude() }, expected: { abs($0) }),
    Unary(description: "tanh", operation: { x throws(TensorError) in try x.tanh() }, expected: { tanh($0) }),
    Unary(
      description: "sigmoid", operation: { x throws(TensorError) in try x.sigmoid() }, expected: { 1 / (1 + exp(-$0)) }),
    Unary(
      description: "softplus", operation: { x throws(TensorError) in try x.softplus() }, expected: { log1p(exp($0)) }),
    Unary(
      description: "gelu", operation: { x throws(TensorError) in try x.gelu() },
      expected: { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }),
    Unary(description: "relu", operation: { x throws(TensorError) in try x.relu() }, expected: { max(0, $0) }),
    Unary(description: "sine", operation: { x throws(TensorError) in try x.sine() }, expected: { sin($0) }),
    Unary(description: "cosine", operation: { x throws(TensorError) in try x.cosine() }, expected: { cos($0) }),
    Unary(description: "detach", operation: { x throws(TensorError) in try x.detached() }, expected: { $0 }),
    Unary(description: "copy", operation: { x throws(TensorError) in try x.copied() }, expected: { $0 }),
    Unary(
      description: "at least", operation: { x throws(TensorError) in try x.atLeast(-0.5) }, expected: { max(-0.5, $0) }),
    Unary(
      description: "at most", operation: { x throws(TensorError) in try x.atMost(0.5) }, expected: { min(0.5, $0) }),
    Unary(description: "plus a number", operation: { x throws(TensorError) in try x + 1.5 }, expected: { $0 + 1.5 }),
    Unary(description: "minus a number", operation: { x throws(TensorError) in try x - 1.5 }, expected: { $0 - 1.5 }),
    Unary(description: "a number minus", operation: { x throws(TensorError) in try 1.5 - x }, expected: { 1.5 - $0 }),
    Unary(description: "times a number", operation: { x throws(TensorError) in try x * 1.5 }, expected: { $0 * 1.5 }),
    Unary(description: "by a number", operation: { x throws(TensorError) in try x / 1.5 }, expected: { $0 / 1.5 }),
  ]

  @Test(arguments: unaries) func worksOnEachElement(_ test: Unary) throws {
    var generator = SeededGenerator(seed: 1)
    let values = generator.doubles(24, in: test.range)
    let expected = values.map(test.expected)
    let double = try test.operation(Tensor(values, [2, 3, 4]))
    #expect(double.shape == [2, 3, 4] && double.type == .float64)
    #expect(close(try double.doubles(), expected, 1e-12))
    let single = try test.operation(Tensor(values.map(Float.init), [2, 3, 4]))
    #expect(single.type == .float32)
    #expect(close(try single.doubles(), expected, 2e-5))
  }

  struct Binary: Sendable, CustomStringConvertible {
    var description: String
    var operation: @Sendable (Tensor, Tensor) throws(TensorError) -> Tensor
    var expected: @Sendable (Double, Double) -> Double
  }

  static let binaries = [
    Binary(description: "sum", operation: { a, b throws(TensorError) in try a + b }, expected: { $0 + $1 }),
    Binary(description: "difference", operation: { a, b throws(TensorError) in try a - b }, expected: { $0 - $1 }),
    Binary(description: "product", operation: { a, b throws(TensorError) in try a * b }, expected: { $0 * $1 }),
    Binary(description: "quotient", operation: { a, b throws(TensorError) in try a / b }, expected: { $0 / $1 }),
    Binary(
      description: "maximum", operation: { a, b throws(TensorError) in try a.maximum(b) }, expected: { max($0, $1) }),
    Binary(
      description: "minimum", operation: { a, b throws(TensorError) in try a.minimum(b) }, expected: { min($0, $1) }),
    Binary(
      description: "equality", operation: { a, b throws(TensorError) in try a.equals(b) },
      expected: { $0 == $1 ? 1 : 0 }),
    Binary(
      description: "order", operation: { a, b throws(TensorError) in try a.isLess(than: b) },
      expected: { $0 < $1 ? 1 : 0 }),
    Binary(
      description: "select", operation: { a, b throws(TensorError) in try Tensor.select(a.isLess(than: 0), a, b) },
      expected: { $0 < 0 ? $0 : $1 }),
  ]

  /// Whole numbers from −2 to 2 without 0, so that equal pairs occur.
  @Test(arguments: binaries) func broadcasts(_ test: Binary) throws {
    let a: [Double] = [-2, -1, 1, 2, 2, -1]
    let b: [Double] = [2, -1]
    let found = try test.operation(Tensor(a, [3, 2]), Tensor(b, [2]))
    #expect(try found.doubles() == a.indices.map { test.expected(a[$0], b[$0 % 2]) })
    let outer = try test.operation(Tensor(a, [6, 1]), Tensor(b, [1, 2]))
    #expect(outer.shape == [6, 2])
    #expect(try outer.doubles() == a.flatMap { x in b.map { test.expected(x, $0) } })
  }

  @Test func comparesWithNumbers() throws {
    let x = try Tensor([1, 2, 3, .nan] as [Double], [4])
    #expect(try x.equals(2).booleans() == [false, true, false, false])
    #expect(try x.isLess(than: 2).booleans() == [true, false, false, false])
    #expect(x.type == .float64)
    #expect(try x.equals(2).type == .bool)
  }

  @Test func combinesBooleans() throws {
    let a = try Tensor([true, true, false, false], [4])
    let b = try Tensor([true, false, true, false], [4])
    #expect(try a.and(b).booleans() == [true, false, false, false])
    #expect(try a.not().booleans() == [false, false, true, true])
    #expect(try a.not().not().type == .bool)
  }

  /// A float would lose whole numbers from 2²⁴ on.
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

  @Test(arguments: [(2, 3, 4), (1, 1, 1), (5, 1, 2)]) func multipliesMatrices(n: Int, k: Int, m: Int) throws {
    var generator = SeededGenerator(seed: 2)
    let a = generator.doubles(2 * n * k)
    let b = generator.doubles(k * m)
    let found = try Tensor(a, [2, n, k]).matmul(Tensor(b, [k, m]))
    var expected: [Double] = []
    for row in 0..<2 * n {
      for column in 0..<m { expected.append((0..<k).reduce(0) { $0 + a[row * k + $1] * b[$1 * m + column] }) }
    }
    #expect(found.shape == [2, n, m])
    #expect(close(try found.doubles(), expected, 1e-12))
  }
}
