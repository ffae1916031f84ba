import Foundation
import TensorTestSupport
import Tensors

extension Operation {
  private static let ids: [Int] = [3, 0, 3, 1, 4, 3]
  private static func idTensor() throws -> Tensor { try Tensor(ids.map(Int64.init), [2, 3]) }

  private static let products: [Operation] = [
    Operation("matmul", [2, 2, 3], [3, 4]) {
      try $0[0].matmul($0[1])
    } equals: { x in
      PlainArray([2, 2, 4]) { i in (0..<3).reduce(0) { $0 + x[0][i[0], i[1], $1] * x[1][$1, i[2]] } }
    },
    Operation("linear", [2, 3, 4], [2, 4]) {
      try $0[0].linear($0[1])
    } equals: {
      $0[0].linear($0[1])
    },
    Operation("linear with bias", [2, 3], [4, 3], [4]) {
      try $0[0].linear($0[1], bias: $0[2])
    } equals: {
      $0[0].linear($0[1], bias: $0[2])
    },
    .single("embedding", [5, 2]) {
      try $0.embedding(idTensor())
    } equals: { x in
      PlainArray([2, 3, 2]) { x[ids[3 * $0[0] + $0[1]], $0[2]] }
    },
    .single("product of one-hots", [5, 2]) {
      try idTensor().oneHot(5, type: $0.type).matmul($0)
    } equals: { x in
      PlainArray([2, 3, 2]) { x[ids[3 * $0[0] + $0[1]], $0[2]] }
    },
    .single("singular values", [3, 2]) {
      try $0.singularValues()
    } equals: {
      singularValues($0)
    },
    .single("singular values of a wide matrix", [2, 4]) {
      try $0.singularValues()
    } equals: {
      singularValues($0)
    },
    // Spectral normalization (Miyato et al. 2018): by the true norm, and by its estimate from two singular vectors.
    .single("by the spectral norm", [3, 2]) {
      try $0 / $0.singularValues().slice(0, 0..<1)
    } equals: { x in
      let norm = singularValues(x)[0]
      return x.map { $0 / norm }
    },
    Operation("by an estimated spectral norm", [3, 2], [1, 3], [2, 1], in: 0.2...1) {
      try $0[0] / $0[1].matmul($0[0]).matmul($0[2])
    } equals: { x in
      let norm = (0..<6).reduce(0) { $0 + x[1][0, $1 / 2] * x[0][$1 / 2, $1 % 2] * x[2][$1 % 2, 0] }
      return x[0].map { $0 / norm }
    },
  ]

  /// Singular values from the eigenvalues of AᵀA for two columns, or of AAᵀ for two rows.
  private static func singularValues(_ a: PlainArray) -> PlainArray {
    let pairs = a.shape[1] == 2
    func product(_ i: Int, _ j: Int) -> Double {
      (0..<a.shape[pairs ? 0 : 1]).reduce(0) { $0 + (pairs ? a[$1, i] * a[$1, j] : a[i, $1] * a[j, $1]) }
    }
    let middle = (product(0, 0) + product(1, 1)) / 2
    let radius = (pow((product(0, 0) - product(1, 1)) / 2, 2) + pow(product(0, 1), 2)).squareRoot()
    return PlainArray([2], [(middle + radius).squareRoot(), (middle - radius).squareRoot()])
  }

  private static func convolution(
    _ x: PlainArray, _ weight: PlainArray, bias: PlainArray? = nil, stride: Int = 1, padding: Int = 0
  ) -> PlainArray {
    let (channels, length, size) = (x.shape[1], x.shape[2], weight.shape[2])
    return PlainArray([x.shape[0], weight.shape[0], (length + 2 * padding - size) / stride + 1]) { i in
      (0..<channels * size).reduce(bias?[i[1]] ?? 0) {
        let (channel, place) = $1.quotientAndRemainder(dividingBy: size)
        let source = i[2] * stride + place - padding
        return (0..<length).contains(source) ? $0 + x[i[0], channel, source] * weight[i[1], channel, place] : $0
      }
    }
  }

  private static let convolutions: [Operation] = [
    Operation("convolution", [2, 2, 5], [3, 2, 3]) {
      try $0[0].convolution($0[1])
    } equals: {
      convolution($0[0], $0[1])
    },
    Operation("convolution with padding", [2, 2, 4], [3, 2, 3], [3]) {
      try $0[0].convolution($0[1], bias: $0[2], padding: 1)
    } equals: {
      convolution($0[0], $0[1], bias: $0[2], padding: 1)
    },
    Operation("convolution with stride", [1, 2, 7], [2, 2, 2]) {
      try $0[0].convolution($0[1], stride: 3, padding: 2)
    } equals: {
      convolution($0[0], $0[1], stride: 3, padding: 2)
    },
  ]

  private static let norms: [Operation] = [
    Operation("RMSNorm", [2, 3, 4], [4]) {
      try $0[0].rmsNorm($0[1], epsilon: 1e-5)
    } equals: {
      $0[0].rmsNorm($0[1], epsilon: 1e-5)
    },
    Operation("RMSNorm of a vector", [4], [4]) {
      try $0[0].rmsNorm($0[1], epsilon: 0.1)
    } equals: {
      $0[0].rmsNorm($0[1], epsilon: 0.1)
    },
    Operation("RMSNorm of small numbers", [2, 4], [4], in: -1e-2...1e-2) {
      try ($0[0].rmsNorm($0[1] + 1, epsilon: 1e-2))
    } equals: {
      $0[0].rmsNorm($0[1].map { $0 + 1 }, epsilon: 1e-2)
    },
    Operation("turn", [2, 3, 4], [3, 2, 2]) {
      try $0[0].rotated(by: $0[1])
    } equals: { x in
      PlainArray([2, 3, 4]) { i in
        let pair = i[2] / 2
        let (re, im) = (x[0][i[0], i[1], 2 * pair], x[0][i[0], i[1], 2 * pair + 1])
        let (cosine, sine) = (x[1][i[1], pair, 0], x[1][i[1], pair, 1])
        return i[2] % 2 == 0 ? re * cosine - im * sine : re * sine + im * cosine
      }
    },
    .single("cross-entropy", [6, 5]) {
      try $0.crossEntropy(idTensor().reshaped([6]), ignoring: 1)
    } equals: { x in
      let probabilities = x.softmax()
      return PlainArray([6]) { ids[$0[0]] == 1 ? 0 : -log(probabilities[$0[0], ids[$0[0]]]) }
    },
    // The layers of a small critic in sequence.
    Operation("critic", [5, 2], [2, 2, 3], [3], [4, 2], [1, 4]) { p in
      let x = try idTensor().oneHot(5, type: p[0].type).matmul(p[0]).transposed()  // [2, 2, 3]
      let features = try x.convolution(p[1], padding: 1).gelu().rmsNorm(p[2], epsilon: 1e-2).transposed()
      return try features.linear(p[3]).gelu().linear(p[4]).mean(1)
    } equals: { p in
      let x = PlainArray([2, 2, 3]) { p[0][ids[3 * $0[0] + $0[2]], $0[1]] }
      let features = convolution(x, p[1], padding: 1).gelu().rmsNorm(p[2], epsilon: 1e-2)
      let rows = PlainArray([2, 3, 2]) { features[$0[0], $0[2], $0[1]] }.linear(p[3]).gelu().linear(p[4])
      return PlainArray([2, 1]) { i in (0..<3).reduce(0) { $0 + rows[i[0], $1, 0] / 3 } }
    },
  ]

  private static func attentions(fused: Bool) -> [Operation] {
    /// Key 1 of the first window is masked, and the last query of the second window sees only key 2.
    let mask = (0..<18).map { $0 < 9 ? $0 % 3 != 1 : $0 < 15 || $0 == 17 }
    let all: [Operation] = [
      Operation("attention", [1, 2, 3, 2], [1, 2, 4, 2], [1, 2, 4, 2]) {
        try Tensor.attention($0[0], $0[1], $0[2], fused: fused)
      } equals: {
        .attention($0[0], $0[1], $0[2])
      },
      Operation("causal attention", [1, 1, 4, 2], [1, 1, 4, 2], [1, 1, 4, 2]) {
        try Tensor.attention($0[0], $0[1], $0[2], causal: true, fused: fused)
      } equals: {
        .attention($0[0], $0[1], $0[2]) { $2 <= $1 }
      },
      Operation("attention with a mask", [2, 2, 3, 2], [2, 2, 3, 2], [2, 2, 3, 2]) {
        try Tensor.attention($0[0], $0[1], $0[2], mask: Tensor(mask, [2, 1, 3, 3]), fused: fused)
      } equals: {
        .attention($0[0], $0[1], $0[2]) { mask[9 * $0 + 3 * $1 + $2] }
      },
      Operation("attention without padding", [2, 1, 3, 2], [2, 1, 3, 2], [2, 1, 3, 2]) {
        try Tensor.attention(
          $0[0], $0[1], $0[2], mask: Tensor([true, true, false, true, true, true], [2, 1, 1, 3]), fused: fused)
      } equals: {
        .attention($0[0], $0[1], $0[2]) { $0 == 1 || $2 < 2 }
      },
    ]
    return all.map {
      var operation = $0
      operation.testDescription += fused ? ", fused" : ""
      operation.isTwiceDifferentiable = !fused
      return operation
    }
  }

  private static let causalWithMask = Operation(
    "causal attention with a mask", [2, 1, 3, 2], [2, 1, 3, 2], [2, 1, 3, 2]
  ) {
    try Tensor.attention(
      $0[0], $0[1], $0[2], mask: Tensor([true, true, true, true, false, true], [2, 1, 1, 3]), causal: true)
  } equals: {
    .attention($0[0], $0[1], $0[2]) { $2 <= $1 && ($0 == 0 || $2 != 1) }
  }

  static let ofNetworks =
    products + convolutions + norms + attentions(fused: false) + attentions(fused: true) + [causalWithMask]
}
