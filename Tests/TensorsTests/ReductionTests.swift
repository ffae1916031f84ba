import Foundation
import Tensors
import Testing

@Suite struct ReductionTests {
  /// [2, 3]: a row of small and one of negative numbers.
  let values: [Double] = [1, 4, 2, -3, -8, 0.5]
  private func matrix() throws -> Tensor { try Tensor(values, [2, 3]) }

  enum Reduction: CaseIterable {
    case sum, mean, largest, smallest, logSumExp

    func expected(_ values: [Double]) -> Double {
      switch self {
      case .sum: values.reduce(0, +)
      case .mean: values.reduce(0, +) / Double(values.count)
      case .largest: values.max() ?? .nan
      case .smallest: values.min() ?? .nan
      case .logSumExp: log(values.reduce(0) { $0 + exp($1) })
      }
    }
  }

  private func columns(_ values: [Double]) -> [[Double]] { (0..<3).map { [values[$0], values[$0 + 3]] } }

  @Test(arguments: Reduction.allCases) func reducesDimensions(_ reduction: Reduction) throws {
    let x = try matrix()
    let results: (all: Tensor, last: Tensor, first: Tensor, kept: Tensor)
    switch reduction {
    case .sum: results = (try x.sum(), try x.sum(-1), try x.sum(0), try x.sum(1, keeping: true))
    case .mean: results = (try x.mean(), try x.mean(-1), try x.mean(0), try x.mean(1, keeping: true))
    case .largest: results = (try x.largest(), try x.largest(-1), try x.largest(0), try x.largest(1, keeping: true))
    case .smallest:
      results = (try x.smallest(), try x.smallest(-1), try x.smallest(0), try x.smallest(1, keeping: true))
    case .logSumExp:
      results = (try x.logSumExp(), try x.logSumExp(-1), try x.logSumExp(0), try x.logSumExp(1, keeping: true))
    }
    let rows = [Array(values[..<3]), Array(values[3...])]
    #expect(results.all.shape == [])
    #expect(close([try results.all.item()], [reduction.expected(values)], 1e-12))
    #expect(results.last.shape == [2])
    #expect(close(try results.last.doubles(), rows.map(reduction.expected), 1e-12))
    #expect(results.first.shape == [3])
    #expect(close(try results.first.doubles(), columns(values).map(reduction.expected), 1e-12))
    #expect(results.kept.shape == [2, 1])
    #expect(close(try results.kept.doubles(), rows.map(reduction.expected), 1e-12))
  }

  @Test func reducesSeveralDimensions() throws {
    let x = try Tensor.range(24, type: .float64).reshaped([2, 3, 4])
    #expect(try x.sum(0, 2).doubles() == [60, 92, 124])
    #expect(try x.mean(-1, 0, keeping: true).shape == [1, 3, 1])
  }

  @Test func logSumExpDoesNotOverflow() throws {
    let x = try Tensor([1_000, 1_000] as [Float], [2])
    #expect(abs(try x.logSumExp().item() - 1_000 - log(2)) < 1e-3)
  }

  @Test func softmaxSumsToOne() throws {
    let x = try matrix()
    let expected = [values[..<3], values[3...]].flatMap { row in
      let total = row.reduce(0) { $0 + exp($1) }
      return row.map { exp($0) / total }
    }
    #expect(close(try x.softmax().doubles(), expected, 1e-12))
    #expect(close(try x.logSoftmax(1).doubles(), expected.map { log($0) }, 1e-12))
    #expect(close(try x.softmax(0).sum(0).doubles(), [1, 1, 1], 1e-12))
  }

  @Test func scansAlongADimension() throws {
    let x = try matrix()
    #expect(try x.cumulativeSum(1).doubles() == [1, 5, 7, -3, -11, -10.5])
    #expect(try x.cumulativeSum(0).doubles() == [1, 4, 2, -2, -4, 2.5])
    #expect(try x.argmax().integers() == [1, 2])
    #expect(try x.argmax(0).integers() == [0, 0, 0])
    #expect(try x.argmax().type == .int64)
  }
}
