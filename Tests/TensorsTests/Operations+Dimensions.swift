import Foundation
import TensorTestSupport
import Tensors

extension Operation {
  /// Reductions of [2, 3, 4]: over the last dimension, over the first, over two dimensions that are kept with length 1,
  /// and over all.
  private static func reductions(
    _ name: String, _ apply: @escaping @Sendable (Tensor, _ over: Reduced) throws -> Tensor,
    equals expected: @escaping @Sendable ([Double]) -> Double
  ) -> [Operation] {
    [
      .single("\(name) over the last", [2, 3, 4]) {
        try apply($0, .last)
      } equals: { x in
        PlainArray([2, 3]) { i in expected((0..<4).map { x[i[0], i[1], $0] }) }
      },
      .single("\(name) over the first", [2, 3, 4]) {
        try apply($0, .first)
      } equals: { x in
        PlainArray([3, 4]) { i in expected((0..<2).map { x[$0, i[0], i[1]] }) }
      },
      .single("\(name) over two", [2, 3, 4]) {
        try apply($0, .outer)
      } equals: { x in
        PlainArray([1, 3, 1]) { i in expected((0..<8).map { x[$0 / 4, i[1], $0 % 4] }) }
      },
      .single("\(name) over all", [2, 3, 4]) {
        try apply($0, .all)
      } equals: {
        PlainArray([], [expected($0.values)])
      },
      .single("\(name) of a number", []) {
        try apply($0, .all)
      } equals: {
        PlainArray([], [expected($0.values)])
      },
    ]
  }

  enum Reduced { case last, first, outer, all }

  private static let sums = reductions("sum") {
    switch $1 {
    case .last: try $0.sum(-1)
    case .first: try $0.sum(0)
    case .outer: try $0.sum(0, 2, keeping: true)
    case .all: try $0.sum()
    }
  } equals: {
    $0.reduce(0, +)
  }

  private static let means = reductions("mean") {
    switch $1 {
    case .last: try $0.mean(-1)
    case .first: try $0.mean(0)
    case .outer: try $0.mean(-1, 0, keeping: true)
    case .all: try $0.mean()
    }
  } equals: {
    $0.reduce(0, +) / Double($0.count)
  }

  private static let extremes =
    reductions("largest") {
      switch $1 {
      case .last: try $0.largest(-1)
      case .first: try $0.largest(0)
      case .outer: try $0.largest(0, 2, keeping: true)
      case .all: try $0.largest()
      }
    } equals: {
      $0.max() ?? .nan
    }
    + reductions("smallest") {
      switch $1 {
      case .last: try $0.smallest(-1)
      case .first: try $0.smallest(0)
      case .outer: try $0.smallest(0, 2, keeping: true)
      case .all: try $0.smallest()
      }
    } equals: {
      $0.min() ?? .nan
    }

  private static let logSums = reductions("log-sum-exp") {
    switch $1 {
    case .last: try $0.logSumExp(-1)
    case .first: try $0.logSumExp(0)
    case .outer: try $0.logSumExp(0, 2, keeping: true)
    case .all: try $0.logSumExp()
    }
  } equals: {
    log($0.reduce(0) { $0 + exp($1) })
  }

  private static let scans: [Operation] = [
    .single("softmax", [2, 3, 4]) {
      try $0.softmax()
    } equals: {
      $0.softmax()
    },
    .single("softmax over the first", [3, 2]) {
      try $0.softmax(0)
    } equals: { x in
      PlainArray([3, 2]) { i in exp(x[i]) / (0..<3).reduce(0) { $0 + exp(x[$1, i[1]]) } }
    },
    .single("log-softmax", [2, 3, 4]) {
      try $0.logSoftmax()
    } equals: {
      $0.softmax().map { log($0) }
    },
    .single("cumulative sum", [2, 4]) {
      try $0.cumulativeSum(1)
    } equals: { x in
      PlainArray([2, 4]) { i in (0...i[1]).reduce(0) { $0 + x[i[0], $1] } }
    },
    .single("cumulative sum over the first", [3, 2]) {
      try $0.cumulativeSum(0)
    } equals: { x in
      PlainArray([3, 2]) { i in (0...i[0]).reduce(0) { $0 + x[$1, i[1]] } }
    },
  ]

  private static let shapings: [Operation] = [
    .single("reshape", [2, 3, 2]) {
      try $0.reshaped([4, -1])
    } equals: {
      PlainArray([4, 3], $0.values)
    },
    .single("expand", [2, 1]) {
      try $0.expanded([-1, 3])
    } equals: { x in
      PlainArray([2, 3]) { x[$0[0], 0] }
    },
    .single("permute", [2, 3, 4]) {
      try $0.permuted([2, 0, 1])
    } equals: { x in
      PlainArray([4, 2, 3]) { x[$0[1], $0[2], $0[0]] }
    },
    .single("transpose", [2, 3, 4]) {
      try $0.transposed()
    } equals: { x in
      PlainArray([2, 4, 3]) { x[$0[0], $0[2], $0[1]] }
    },
    .single("slice", [3, 4]) {
      try $0.slice(-1, 1..<3)
    } equals: { x in
      PlainArray([3, 2]) { x[$0[0], $0[1] + 1] }
    },
    .single("split", [2, 5]) {
      let parts = try $0.split(1, into: [2, 1, 2])
      return try parts[0] - parts[2] * parts[1]
    } equals: { x in
      PlainArray([2, 2]) { x[$0] - x[$0[0], $0[1] + 3] * x[$0[0], 2] }
    },
    Operation("concatenate", [2, 1], [2, 3]) {
      try Tensor.concatenate($0, 1)
    } equals: { x in
      PlainArray([2, 4]) { $0[1] == 0 ? x[0][$0] : x[1][$0[0], $0[1] - 1] }
    },
    .single("unsqueeze", [2, 3]) {
      try $0.unsqueezed(1)
    } equals: {
      PlainArray([2, 1, 3], $0.values)
    },
    Operation("stack", [2, 3], [2, 3]) {
      try Tensor.stack($0)
    } equals: { x in
      PlainArray([2, 2, 3]) { x[$0[0]][$0[1], $0[2]] }
    },
    Operation("stack at the last", [2, 3], [2, 3]) {
      try Tensor.stack($0, -1)
    } equals: { x in
      PlainArray([2, 3, 2]) { x[$0[2]][$0[0], $0[1]] }
    },
    .single("rows", [3, 2]) {
      try $0.rows(ids([2, 0, 2, 1], [4]))
    } equals: { x in
      PlainArray([4, 2]) { x[[2, 0, 2, 1][$0[0]], $0[1]] }
    },
    .single("columns", [2, 3]) {
      try $0.rows(ids([2, 2], [2]), 1)
    } equals: { x in
      PlainArray([2, 2]) { x[$0[0], 2] }
    },
    .single("gather", [2, 3]) {
      try $0.gathered(1, ids([2, 0, 0, 1], [2, 2]))
    } equals: { x in
      PlainArray([2, 2]) { x[$0[0], [2, 0, 0, 1][2 * $0[0] + $0[1]]] }
    },
    .single("repeat", [2, 2]) {
      try $0.repeated(3, 1)
    } equals: { x in
      PlainArray([2, 6]) { x[$0[0], $0[1] / 3] }
    },
    .single("repeat rows", [2, 2]) {
      try $0.repeated(2, 0)
    } equals: { x in
      PlainArray([4, 2]) { x[$0[0] / 2, $0[1]] }
    },
    .single("pad", [2, 3]) {
      try $0.padded(before: 1, after: 2, value: 0.5)
    } equals: { x in
      PlainArray([2, 6]) { (1...3).contains($0[1]) ? x[$0[0], $0[1] - 1] : 0.5 }
    },
    .single("windows", [2, 7]) {
      try $0.windows(1, size: 3, step: 2)
    } equals: { x in
      PlainArray([2, 3, 3]) { x[$0[0], 2 * $0[1] + $0[2]] }
    },
    .single("precision", [2, 3]) {
      try $0.converted(to: .float64).converted(to: $0.type)
    } equals: {
      $0
    },
  ]

  private static func ids(_ values: [Int64], _ shape: [Int]) throws -> Tensor { try Tensor(values, shape) }

  static let ofDimensions = sums + means + extremes + logSums + scans + shapings
}
