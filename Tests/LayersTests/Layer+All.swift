import Foundation
import Layers
import TensorTestSupport
import Tensors

/// The layers as defined in docs/model.md.
extension Layer {
  static let all = maps + attentions + summaries

  private static let maps: [Layer] = [
    Layer("Linear", [2, 3, 4]) { scope in
      let linear = try Linear(scope["map"], 4, 3)
      return { try linear($0) }
    } equals: { x, p in
      x.linear(p["map.weight"])
    },
    Layer("Linear with bias", [2, 4]) { scope in
      let linear = try Linear(scope["map"], 4, 3, bias: true)
      return { try linear($0) }
    } equals: { x, p in
      x.linear(p["map.weight"], bias: p["map.bias"])
    },
    Layer("Linear in another order", [2, 4]) { scope in
      let linear = try Linear(scope["map"], 4, 3)
      return { try linear($0, rows: Tensor([2, 0, 1] as [Int64], [3])) }
    } equals: { x, p in
      let y = x.linear(p["map.weight"])
      return PlainArray(y.shape) { y[$0[0], [2, 0, 1][$0[1]]] }
    },
    Layer("RMSNorm", [2, 3, 4], hasProducts: false) { scope in
      let norm = try RMSNorm(scope["norm"], 4)
      return { try norm($0) }
    } equals: { x, p in
      x.rmsNorm(p["norm.weight"], epsilon: 1e-5)
    },
    Layer("FeedForward", [2, 3, 4]) { scope in
      let layer = try FeedForward(scope["feedForward"], width: 4, inner: 6, gain: 1)
      return { try layer($0) }
    } equals: { x, p in
      feedForward(x, p)
    },
  ]

  /// The last position of the first window is padding.
  private static func isToken(_ window: Int, _ position: Int) -> Bool { window == 1 || position < 3 }
  private static func mask(_ shape: [Int]) throws -> Tensor {
    try Tensor((0..<8).map { isToken($0 / 4, $0 % 4) }, shape)
  }

  private static let attentions: [Layer] = [
    selfAttention("SelfAttention", causal: false, isMasked: false) { _, _, _ in true },
    selfAttention("causal SelfAttention", causal: true, isMasked: false) { $2 <= $1 },
    selfAttention("SelfAttention with padding", causal: false, isMasked: true) { window, _, key in isToken(window, key)
    },
    selfAttention("causal SelfAttention with padding", causal: true, isMasked: true) { window, query, key in
      key <= query && isToken(window, key)
    },
    Layer("Block", [1, 4, 8]) { scope in
      let block = try Block(scope, width: 8, heads: 2, inner: 6, depth: 2)
      let rotary = try RotaryPositions(positions: 5, headWidth: 4, on: .cpu)
      return { try block($0, rotary: rotary, causal: true) }
    } equals: { x, p in
      let norm = x.rmsNorm(p["attention.norm.weight"], epsilon: 1e-5)
      let attended = x + attention(norm, p, heads: 2) { $2 <= $1 }
      return attended + feedForward(attended.rmsNorm(p["feedForward.norm.weight"], epsilon: 1e-5), p)
    },
  ]

  private static func selfAttention(
    _ name: String, causal: Bool, isMasked: Bool, sees: @escaping @Sendable (Int, Int, Int) -> Bool
  ) -> Layer {
    Layer(name, [2, 4, 8]) { scope in
      let attention = try SelfAttention(scope["attention"], width: 8, heads: 2, gain: 1)
      let rotary = try RotaryPositions(positions: 7, headWidth: 4, on: .cpu)
      let mask = isMasked ? try mask([2, 1, 1, 4]) : nil
      return { try attention($0, rotary: rotary, mask: mask, causal: causal) }
    } equals: { x, p in
      attention(x, p, heads: 2, sees: sees)
    }
  }

  private static func feedForward(_ x: PlainArray, _ p: Parts) -> PlainArray {
    x.linear(p["feedForward.up.weight"]).gelu().linear(p["feedForward.down.weight"])
  }

  private static func attention(
    _ x: PlainArray, _ p: Parts, heads: Int, sees: (Int, Int, Int) -> Bool
  ) -> PlainArray {
    let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2])
    let size = width / heads
    let qkv = x.linear(p["attention.qkv.weight"])
    let parts = (0..<3).map { part in
      PlainArray([batch, heads, length, size]) { qkv[$0[0], $0[2], part * width + $0[1] * size + $0[3]] }
    }
    let attended = PlainArray.attention(turned(parts[0]), turned(parts[1]), parts[2], sees: sees)
    return PlainArray(x.shape) { attended[$0[0], $0[2] / size, $0[1], $0[2] % size] }
      .linear(p["attention.output.weight"])
  }

  /// Heads [b, h, n, w] rotated by their positions, with the halves of each vector as pairs (RoPE).
  private static func turned(_ x: PlainArray) -> PlainArray {
    let (width, half) = (x.shape[3], x.shape[3] / 2)
    return PlainArray(x.shape) { i in
      let place = i[3] % half
      let angle = Double(i[2]) * pow(10_000, -2 * Double(place) / Double(width))
      let (first, second) = (x[i[0], i[1], i[2], place], x[i[0], i[1], i[2], place + half])
      return i[3] < half ? first * cos(angle) - second * sin(angle) : second * cos(angle) + first * sin(angle)
    }
  }

  private static let summaries: [Layer] = [
    Layer("AttentionPooling", [2, 4, 8], hasProducts: false) { scope in
      let pooling = try AttentionPooling(scope["pooling"], width: 8, heads: 2)
      let mask = try mask([2, 4])
      return { try pooling($0, length: 2, mask: mask) }
    } equals: { x, p in
      pooled(x, query: p["pooling.query"], weight: p["pooling.keyValue.weight"], heads: 2, length: 2)
    },
    Layer("MeanNormalization in training", [3, 2, 4], hasProducts: false) { scope in
      let normalization = try MeanNormalization(scope["normalization"], 4)
      let weights = try Tensor([1, 1, 1, 0, 1, 1] as [Float], [3, 2, 1])
      return { try normalization($0, weights: weights, training: true) }
    } equals: { x, p in
      let weights: [Double] = [1, 1, 1, 0, 1, 1]
      let means = (0..<4).map { n in (0..<6).reduce(0) { $0 + weights[$1] * x[$1 / 2, $1 % 2, n] / 5 } }
      let variances = (0..<4).map { n in
        (0..<6).reduce(0) { $0 + weights[$1] * pow(x[$1 / 2, $1 % 2, n] - means[n], 2) / 5 }
      }
      return PlainArray(x.shape) {
        0.6 * (x[$0] - means[$0[2]]) / (variances[$0[2]] + 1e-5).squareRoot() + p["normalization.bias"][$0[2]]
      }
    },
    // The running statistics still have their initial values, 0 and 1.
    Layer("MeanNormalization", [3, 2, 4], hasProducts: false) { scope in
      let normalization = try MeanNormalization(scope["normalization"], 4)
      return { try normalization($0, weights: Tensor.ones([3, 2, 1]), training: false) }
    } equals: { x, p in
      PlainArray(x.shape) { 0.6 * x[$0] / (1 + 1e-5).squareRoot() + p["normalization.bias"][$0[2]] }
    },
  ]

  private static func pooled(
    _ x: PlainArray, query: PlainArray, weight: PlainArray, heads: Int, length: Int
  ) -> PlainArray {
    let (segments, width) = (x.shape[1] / length, x.shape[2])
    let size = width / heads
    let keyValue = x.linear(weight)
    // Each segment is a window of its own with one query.
    let shape = [x.shape[0] * segments, heads, length, size]
    let parts = (0..<2).map { part in
      PlainArray(shape) {
        keyValue[$0[0] / segments, $0[0] % segments * length + $0[2], part * width + $0[1] * size + $0[3]]
      }
    }
    let queries = PlainArray([shape[0], heads, 1, size]) { query[$0[1] * size + $0[3]] }
    let attended = PlainArray.attention(queries, parts[0], parts[1]) { segment, _, key in
      isToken(segment / segments, segment % segments * length + key)
    }
    return PlainArray([x.shape[0], segments, width]) {
      attended[$0[0] * segments + $0[1], $0[2] / size, 0, $0[2] % size]
    }
  }
}
