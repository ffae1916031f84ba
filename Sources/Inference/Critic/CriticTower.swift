internal import CKernels
internal import Glibc
internal import ModelFormat

/// The weights of one tower of a critic.
struct CriticTower {
  private let window: Int
  private let shape: BlockShape
  private let blocks: [(gate: AurlMatrix, block: Block)]
  private let norm: UnsafePointer<Float>
  private let head: UnsafePointer<Float>
  private let bias: Float
  private let rotary: Rotary

  var cacheElement: AurlElement { blocks[0].block.cacheElement }

  init(_ name: String, _ configuration: CriticConfiguration, window: Int, from weights: WeightLoader) {
    self.window = window
    let shape = BlockShape(configuration)
    self.shape = shape
    blocks = (0..<configuration.layers).map {
      (weights.matrix("\(name).blocks.\($0).gate.weight"), Block("\(name).blocks.\($0)", shape, from: weights))
    }
    norm = weights.numbers("\(name).norm.weight")
    head = weights.numbers("\(name).head.weight")
    bias = weights.numbers("\(name).head.bias")[0]
    rotary = Rotary(headWidth: configuration.headWidth)
  }

  /// The logit of each window; nil for a window with less than half of its tokens.
  ///
  /// - Parameters:
  ///   - input: [count, d].
  ///   - gates: the extracted features of each position, [count, d].
  ///   - gate: scratch memory of [window, d].
  func logits(
    _ input: UnsafePointer<Float>, gates: UnsafePointer<Float>, count: Int, _ space: Workspace,
    gate: UnsafeMutablePointer<Float>, cache: AurlCache, _ kernels: Kernels
  ) -> [Double?] {
    rotary.fill(space.cosines, space.sines, from: 0, count: min(window, count))
    return stride(from: 0, to: count, by: window).map { start in
      let length = min(window, count - start)
      guard 2 * length >= window else { return nil }
      let d = shape.width
      space.x.update(from: input + start * d, count: length * d)
      let span = AurlSpan(first: 0, last: Int64(length - 1), advance: 0, window: Int64(length))
      for (weight, block) in blocks {
        kernels.linear(
          weight, gates + start * d, stride: d, into: gate, stride: d, count: length, scratch: space.linearScratch)
        for index in 0..<length * d { space.x[index] *= 1 + tanhf(gate[index]) }
        block.apply(space, count: length, position: 0, cache: cache, span: span, kernels)
      }
      kernels.rmsNorm(space.x, weight: norm, into: space.normalized, width: d, count: length)
      return Double(pooled(space.normalized, count: length))
    }
  }

  /// The head's logit from the mean and the maximum of the hidden states.
  private func pooled(_ x: UnsafePointer<Float>, count: Int) -> Float {
    let d = shape.width
    var logit = bias
    for index in 0..<d {
      var (sum, largest) = (Float(0), -Float.infinity)
      for row in 0..<count {
        let value = x[row * d + index]
        sum += value
        largest = max(largest, value)
      }
      logit += head[index] * sum / Float(count) + head[d + index] * largest
    }
    return logit
  }
}
