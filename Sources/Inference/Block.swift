internal import CKernels
internal import ModelFormat

/// The dimensions of a Transformer block.
struct BlockShape {
  let width: Int
  let heads: Int
  let feedForward: Int

  var headWidth: Int { width / heads }

  /// The dimensions in encoder and decoder.
  init(_ configuration: Configuration) {
    width = configuration.width
    heads = configuration.heads
    feedForward = configuration.feedForward
  }

  /// The dimensions in the towers of a critic.
  init(_ configuration: CriticConfiguration) {
    width = configuration.width
    heads = configuration.heads
    feedForward = configuration.feedForward
  }

  /// The dimensions in the model of chord charts.
  init(_ chart: Configuration.Chart) {
    width = chart.width
    heads = chart.heads
    feedForward = chart.feedForward
  }

  /// The dimensions in the plan of the prior.
  init(_ plan: Configuration.Plan) {
    width = plan.width
    heads = plan.heads
    feedForward = plan.feedForward
  }
}

/// A pre-norm Transformer block (Xiong 2020) with rotary positions.
struct Block {
  private let shape: BlockShape
  private let attentionNorm: UnsafePointer<Float>
  private let projection: AurlMatrix
  private let output: AurlMatrix
  private let feedForwardNorm: UnsafePointer<Float>
  private let up: AurlMatrix
  private let down: AurlMatrix

  /// The precision of the key-value cache. Half precision loses less than int8 weights do.
  var cacheElement: AurlElement { projection.element == AurlInt8 ? AurlFloat16 : AurlFloat32 }

  init(_ name: String, _ shape: BlockShape, from weights: WeightLoader) {
    self.shape = shape
    attentionNorm = weights.numbers(name + ".attention.norm.weight")
    feedForwardNorm = weights.numbers(name + ".feedForward.norm.weight")
    // In the order in which they are read, for the hardware prefetcher.
    projection = weights.matrix(name + ".attention.qkv.weight")
    output = weights.matrix(name + ".attention.output.weight")
    up = weights.matrix(name + ".feedForward.up.weight")
    down = weights.matrix(name + ".feedForward.down.weight")
  }

  /// Applies the block to `count` hidden states of the workspace, in place, and writes their keys and values to the
  /// cache from `position` on. The workspace holds the rotary angles of these positions.
  func apply(_ space: Workspace, count: Int, position: Int, cache: AurlCache, span: AurlSpan, _ kernels: Kernels) {
    let d = shape.width
    kernels.rmsNorm(space.x, weight: attentionNorm, into: space.normalized, width: d, count: count)
    kernels.linear(
      projection, space.normalized, stride: d, into: space.projected, stride: 3 * d, count: count,
      scratch: space.linearScratch)
    store(space, count: count, position: position, in: cache, kernels)
    kernels.attention(
      cache, space.projected, stride: 3 * d, into: space.attended, stride: d, count: count, span: span,
      scratch: space.attentionScratch)
    kernels.linear(
      output, space.attended, stride: d, into: space.x, stride: d, count: count, accumulates: true,
      scratch: space.linearScratch)
    feedForward(space, count: count, kernels)
  }

  /// Rotates queries and keys, and stores keys and values.
  private func store(_ space: Workspace, count: Int, position: Int, in cache: AurlCache, _ kernels: Kernels) {
    let d = shape.width
    let half = shape.headWidth / 2
    for index in 0..<count {
      let row = space.projected + index * 3 * d
      kernels.rotate(
        row, cosines: space.cosines + index * half, sines: space.sines + index * half,
        heads: 2 * shape.heads, headWidth: shape.headWidth)
      kernels.append(row + d, row + 2 * d, at: position + index, in: cache)
    }
  }

  private func feedForward(_ space: Workspace, count: Int, _ kernels: Kernels) {
    let d = shape.width
    let wide = shape.feedForward
    kernels.rmsNorm(space.x, weight: feedForwardNorm, into: space.normalized, width: d, count: count)
    kernels.linear(
      up, space.normalized, stride: d, into: space.raised, stride: wide, count: count, scratch: space.linearScratch)
    kernels.gelu(space.raised, count: count * wide)
    kernels.linear(
      down, space.raised, stride: wide, into: space.x, stride: d, count: count, accumulates: true,
      scratch: space.linearScratch)
  }
}
