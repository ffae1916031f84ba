package import TestSupport

/// A simple row-major array of numbers, with which tensors are compared.
package struct PlainArray: Sendable {
  package let shape: [Int]
  package var values: [Double]

  package init(_ shape: [Int], _ values: [Double]) {
    precondition(shape.reduce(1, *) == values.count)
    self.shape = shape
    self.values = values
  }

  /// Creates an array whose elements are a function of their index.
  package init(_ shape: [Int], of element: (_ index: [Int]) -> Double) {
    self.shape = shape
    values = []
    var index = shape.map { _ in 0 }
    for _ in 0..<shape.reduce(1, *) {
      values.append(element(index))
      for dimension in shape.indices.reversed() {
        index[dimension] += 1
        if index[dimension] < shape[dimension] { break }
        index[dimension] = 0
      }
    }
  }

  /// Random numbers in `range` that are exact in float32.
  package static func random(
    _ shape: [Int], in range: ClosedRange<Double> = -1...1, using generator: inout SeededGenerator
  ) -> PlainArray {
    PlainArray(shape, of: { _ in Double(Float(Double.random(in: range, using: &generator))) })
  }

  package subscript(_ index: Int...) -> Double { self[index] }
  package subscript(_ index: [Int]) -> Double {
    values[zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }

  package func map(_ body: (Double) -> Double) -> PlainArray { PlainArray(shape, values.map(body)) }

  /// Combines two arrays element by element, broadcasting dimensions of length 1 and missing leading dimensions.
  package func combined(with other: PlainArray, _ body: (Double, Double) -> Double) -> PlainArray {
    let rank = max(shape.count, other.shape.count)
    let lengths = [self, other].map { Array(repeating: 1, count: rank - $0.shape.count) + $0.shape }
    func element(_ array: PlainArray, _ index: [Int]) -> Double {
      array[zip(index.suffix(array.shape.count), array.shape).map { $1 == 1 ? 0 : $0 }]
    }
    return PlainArray(zip(lengths[0], lengths[1]).map { $0 == 1 ? $1 : $0 }) {
      body(element(self, $0), element(other, $0))
    }
  }

  /// Replaces every row (of the last dimension) by another.
  package func mapRows(_ body: ([Double]) -> [Double]) -> PlainArray {
    let width = shape.last ?? 1
    let rows = stride(from: 0, to: values.count, by: width).map { body(Array(values[$0..<$0 + width])) }
    return PlainArray(shape.dropLast() + [rows.first?.count ?? 0], rows.flatMap { $0 })
  }

  /// Whether the shapes are equal and |a − b| ≤ tolerance · max(1, |b|) for all elements.
  package func isClose(to other: PlainArray, _ tolerance: Double) -> Bool {
    shape == other.shape
      && zip(values, other.values).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }
}
