internal import CKernels
internal import Glibc
internal import ModelFormat

/// The encoder's head for the latents of one level: attention pooling over each segment, and a small network.
struct LevelEncoder {
  private let configuration: Configuration
  private let dimensions: Int
  private let query: UnsafePointer<Float>
  private let keyValue: AurlMatrix
  private let hidden: AurlMatrix
  private let hiddenBias: UnsafePointer<Float>
  private let output: AurlMatrix
  private let outputBias: UnsafePointer<Float>
  private let normalization: MeanNormalization?

  init(
    _ level: Configuration.Level, _ configuration: Configuration, _ shape: Configuration.Latents,
    from weights: WeightLoader
  ) {
    let name = "encoder.\(level)"
    self.configuration = configuration
    dimensions = shape.dimensions(of: level)
    query = weights.numbers(name + ".pooling.query")
    keyValue = weights.matrix(name + ".pooling.keyValue.weight")
    hidden = weights.matrix(name + ".posterior.hidden.weight")
    hiddenBias = weights.numbers(name + ".posterior.hidden.bias")
    output = weights.matrix(name + ".posterior.output.weight")
    outputBias = weights.numbers(name + ".posterior.output.bias")
    normalization = shape.normalizeMeans ? MeanNormalization(name + ".normalization", from: weights) : nil
  }

  /// A Gaussian for each segment of `length` tokens that is not empty. `space.normalized` holds the hidden states of
  /// `count` tokens and is not changed; the rest of the workspace and the cache are scratch memory.
  func gaussians(_ space: Workspace, count: Int, length: Int, cache: AurlCache, _ kernels: Kernels) -> [Gaussian] {
    let d = configuration.width
    let segments = (count + length - 1) / length
    pool(space, count: count, length: length, segments: segments, cache: cache, kernels)
    for segment in 0..<segments { (space.x + segment * d).update(from: hiddenBias, count: d) }
    kernels.linear(
      hidden, space.attended, stride: d, into: space.x, stride: d, count: segments, accumulates: true,
      scratch: space.linearScratch)
    kernels.gelu(space.x, count: segments * d)
    let outputs = 2 * dimensions
    return (0..<segments).map { segment in
      let place = space.projected
      place.update(from: outputBias, count: outputs)
      kernels.linear(
        output, space.x + segment * d, stride: d, into: place, stride: outputs, accumulates: true,
        scratch: space.linearScratch)
      normalization?.apply(to: place, dimensions)
      return Gaussian(place, dimensions: dimensions)
    }
  }

  /// Attention of the learned query over each segment, written to `space.attended`.
  private func pool(
    _ space: Workspace, count: Int, length: Int, segments: Int, cache: AurlCache, _ kernels: Kernels
  ) {
    let d = configuration.width
    kernels.linear(
      keyValue, space.normalized, stride: d, into: space.projected, stride: 2 * d, count: count,
      scratch: space.linearScratch)
    for index in 0..<count {
      let row = space.projected + index * 2 * d
      kernels.append(row, row + d, at: index, in: cache)
    }
    for segment in 0..<segments {
      let last = min((segment + 1) * length, count) - 1
      let span = AurlSpan(first: Int64(segment * length), last: Int64(last), advance: 0, window: Int64(length))
      kernels.attention(
        cache, query, stride: d, into: space.attended + segment * d, stride: d, count: 1, span: span,
        scratch: space.attentionScratch)
    }
  }
}

/// BatchNorm on the posterior means (Zhu 2020) with the statistics of training and a scale of 0.6.
private struct MeanNormalization {
  private let bias: UnsafePointer<Float>
  private let mean: UnsafePointer<Float>
  private let variance: UnsafePointer<Float>

  init(_ name: String, from weights: WeightLoader) {
    bias = weights.numbers(name + ".bias")
    mean = weights.numbers(name + ".mean")
    variance = weights.numbers(name + ".variance")
  }

  func apply(to means: UnsafeMutablePointer<Float>, _ dimensions: Int) {
    for index in 0..<dimensions {
      means[index] = 0.6 * (means[index] - mean[index]) / (variance[index] + 1e-5).squareRoot() + bias[index]
    }
  }
}
