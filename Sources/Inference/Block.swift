internal import CKernels
internal import ModelFormat

/// A pre-norm Transformer block (Xiong 2020) with rotary positions, of encoder and decoder.
struct Block {
  private let configuration: Configuration
  private let attentionNorm: UnsafePointer<Float>
  private let projection: AurlMatrix
  private let output: AurlMatrix
  private let feedForwardNorm: UnsafePointer<Float>
  private let up: AurlMatrix
  private let down: AurlMatrix

  /// What keys and values are kept as. Weights of int8 are less exact than numbers of half precision.
  var cacheElement: AurlElement { projection.element == AurlInt8 ? AurlFloat16 : AurlFloat32 }

  init(_ name: String, from weights: WeightLoader) {
    configuration = weights.file.configuration
    attentionNorm = weights.numbers(name + ".attention.norm.weight")
    feedForwardNorm = weights.numbers(name + ".feedForward.norm.weight")
    // One after the other as they are read, so that the machine sees them coming.
    projection = weights.matrix(name + ".attention.qkv.weight")
    output = weights.matrix(name + ".attention.output.weight")
    up = weights.matrix(name + ".feedForward.up.weight")
    down = weights.matrix(name + ".feedForward.down.weight")
  }

  /// Carries `count` hidden states of the workspace through the block, in place. Their keys and values go to the cache
  /// at `position` and after it; the workspace has the angles of these positions.
  func apply(_ space: Workspace, count: Int, position: Int, cache: AurlCache, span: AurlSpan, _ kernels: Kernels) {
    let d = configuration.width
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
    let d = configuration.width
    let half = configuration.headWidth / 2
    for index in 0..<count {
      let row = space.projected + index * 3 * d
      kernels.rotate(
        row, cosines: space.cosines + index * half, sines: space.sines + index * half,
        heads: 2 * configuration.heads, headWidth: configuration.headWidth)
      kernels.remember(row + d, row + 2 * d, at: position + index, in: cache)
    }
  }

  private func feedForward(_ space: Workspace, count: Int, _ kernels: Kernels) {
    let d = configuration.width
    let wide = configuration.feedForward
    kernels.rmsNorm(space.x, weight: feedForwardNorm, into: space.normalized, width: d, count: count)
    kernels.linear(
      up, space.normalized, stride: d, into: space.raised, stride: wide, count: count, scratch: space.linearScratch)
    kernels.gelu(space.raised, count: count * wide)
    kernels.linear(
      down, space.raised, stride: wide, into: space.x, stride: d, count: count, accumulates: true,
      scratch: space.linearScratch)
  }
}
