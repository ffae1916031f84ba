import TensorTestSupport
import Tensors
import TestSupport
import Testing

/// A differentiable operation with its definition in plain arithmetic.
struct Operation: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var shapes: [[Int]]
  var range: ClosedRange<Double>
  /// Whether its gradient can be differentiated again.
  var isTwiceDifferentiable = true
  var apply: @Sendable ([Tensor]) throws -> Tensor
  var expected: @Sendable ([PlainArray]) -> PlainArray

  /// - Parameters:
  ///   - shapes: The shapes of the operands, whose values are in `range`.
  init(
    _ name: String, _ shapes: [Int]..., in range: ClosedRange<Double> = -1...1,
    _ apply: @escaping @Sendable ([Tensor]) throws -> Tensor,
    equals expected: @escaping @Sendable ([PlainArray]) -> PlainArray
  ) {
    testDescription = name
    self.shapes = shapes
    self.range = range
    self.apply = apply
    self.expected = expected
  }

  /// An operation on each element.
  static func unary(
    _ name: String, in range: ClosedRange<Double> = -3...3, _ apply: @escaping @Sendable (Tensor) throws -> Tensor,
    equals expected: @escaping @Sendable (Double) -> Double
  ) -> Operation {
    Operation(name, [2, 3, 2], in: range) {
      try apply($0[0])
    } equals: {
      $0[0].map(expected)
    }
  }

  /// An operation on pairs of elements, with the second operand broadcast.
  static func binary(
    _ name: String, in range: ClosedRange<Double> = -3...3,
    _ apply: @escaping @Sendable (Tensor, Tensor) throws -> Tensor,
    equals expected: @escaping @Sendable (Double, Double) -> Double
  ) -> Operation {
    Operation(name, [2, 3, 1], [3, 2], in: range) {
      try apply($0[0], $0[1])
    } equals: {
      $0[0].combined(with: $0[1], expected)
    }
  }

  /// An operation with a single operand.
  static func single(
    _ name: String, _ shape: [Int], _ apply: @escaping @Sendable (Tensor) throws -> Tensor,
    equals expected: @escaping @Sendable (PlainArray) -> PlainArray
  ) -> Operation {
    Operation(name, shape) {
      try apply($0[0])
    } equals: {
      expected($0[0])
    }
  }

  var inputs: [PlainArray] {
    var generator = SeededGenerator(seed: 1)
    return shapes.map { .random($0, in: range, using: &generator) }
  }
}
