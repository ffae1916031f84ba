import Tensors
import TestSupport
import Testing

/// Whether two arrays agree: |a − b| ≤ tolerance · max(1, |b|), element by element.
func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-5) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

extension SeededGenerator {
  mutating func doubles(_ count: Int, in range: ClosedRange<Double> = -1...1) -> [Double] {
    (0..<count).map { _ in Double.random(in: range, using: &self) }
  }

  /// A tensor of numbers in `range`.
  mutating func tensor(
    _ shape: [Int], in range: ClosedRange<Double> = -1...1, type: ScalarType = .float64, name: String? = nil
  ) throws(TensorError) -> Tensor {
    let values = doubles(shape.reduce(1, *), in: range)
    return try Tensor(values, shape, name: name).converted(to: type)
  }
}
