internal import Foundation

// The layers of a network, computed by their definitions.
extension PlainArray {
  package static func + (a: PlainArray, b: PlainArray) -> PlainArray { a.combined(with: b, +) }
  package static func * (a: PlainArray, b: PlainArray) -> PlainArray { a.combined(with: b, *) }

  /// x Wᵀ + b.
  package func linear(_ weight: PlainArray, bias: PlainArray? = nil) -> PlainArray {
    let outputs = mapRows { row in
      (0..<weight.shape[0]).map { output in row.indices.reduce(0) { $0 + row[$1] * weight[output, $1] } }
    }
    return bias.map { outputs + $0 } ?? outputs
  }

  package func gelu() -> PlainArray {
    map { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
  }

  package func softmax() -> PlainArray {
    mapRows { row in
      let total = row.reduce(0) { $0 + exp($1) }
      return row.map { exp($0) / total }
    }
  }

  package func rmsNorm(_ weight: PlainArray, epsilon: Double) -> PlainArray {
    mapRows { row in
      let size = (row.reduce(0) { $0 + $1 * $1 } / Double(row.count) + epsilon).squareRoot()
      return row.indices.map { row[$0] / size * weight[$0] }
    }
  }

  /// Attention of queries [b, h, n, w] over keys and values [b, h, m, w]; `sees` tells which keys a query attends to.
  package static func attention(
    _ queries: PlainArray, _ keys: PlainArray, _ values: PlainArray,
    sees: (_ batch: Int, _ query: Int, _ key: Int) -> Bool = { _, _, _ in true }
  ) -> PlainArray {
    let (width, count) = (queries.shape[3], keys.shape[2])
    let scores = PlainArray(queries.shape.dropLast() + [count]) { i in
      guard sees(i[0], i[2], i[3]) else { return -.infinity }
      return (0..<width).reduce(0) { $0 + queries[i[0], i[1], i[2], $1] * keys[i[0], i[1], i[3], $1] }
        / Double(width).squareRoot()
    }
    let weights = scores.softmax()
    return PlainArray(queries.shape.dropLast() + [values.shape[3]]) { i in
      (0..<count).reduce(0) { $0 + weights[i[0], i[1], i[2], $1] * values[i[0], i[1], $1, i[3]] }
    }
  }
}
