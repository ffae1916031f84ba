internal import Layers
internal import ModelFormat
internal import Tensors

/// The bidirectional Transformer that maps each latent window to one Gaussian per segment of each level. Windows are
/// encoded independently.
package struct Encoder {
  private let blocks: [Block]
  private let norm: RMSNorm
  private let heads: PerLevel<PosteriorHead>
  private let rotary: RotaryPositions

  init(
    _ scope: Scope, _ configuration: Configuration, _ latents: Configuration.Latents, rotary: RotaryPositions
  ) throws(TensorError) {
    self.rotary = rotary
    var blocks: [Block] = []
    for layer in 0..<configuration.encoderLayers {
      blocks.append(
        try Block(
          scope["blocks"][layer], width: configuration.width, heads: configuration.heads,
          inner: configuration.feedForward, depth: configuration.encoderLayers))
    }
    self.blocks = blocks
    norm = try RMSNorm(scope["norm"], configuration.width)
    heads = try PerLevel { level throws(TensorError) in
      try PosteriorHead(scope[level], configuration, latents, dimensions: latents.dimensions(of: level))
    }
  }

  /// The encoder's Gaussians, before they are combined with priors.
  ///
  /// - Parameters:
  ///   - embedded: the embedded tokens of latent windows, [b, n, d].
  ///   - mask: true for tokens, [b, n].
  /// - Returns: a Gaussian [b, segments, dimensions] for each level.
  func callAsFunction(
    _ embedded: Tensor, mask: Tensor, isPadded: Bool, segments: Segments, training: Bool
  ) throws(TensorError) -> PerLevel<Gaussian> {
    let (shape, window) = (embedded.shape, segments.lengths.global)
    let windows = shape[0] * shape[1] / window
    var visible: Tensor?
    if isPadded {
      // A window of only padding attends to itself: its result is not used, but must be finite.
      let isThere = try mask.reshaped([windows, 1, 1, window])
      let isEmpty = try isThere.slice(3, 0..<1).not()
      visible = try isThere.not().and(isEmpty.not()).not()
    }
    var hidden = try embedded.reshaped([windows, window, shape[2]])
    for block in blocks { hidden = try block(hidden, rotary: rotary, mask: visible, causal: false) }
    hidden = try norm(hidden).reshaped(shape)
    return try PerLevel { level throws(TensorError) in
      try heads[level](
        hidden, length: segments.lengths[level], mask: mask, weights: segments.weights[level], training: training)
    }
  }
}

/// Attention pooling over segments, followed by a small network that outputs a Gaussian.
struct PosteriorHead {
  private let pooling: AttentionPooling
  private let hidden: Linear
  private let output: Linear
  private let normalization: MeanNormalization?

  init(
    _ scope: Scope, _ configuration: Configuration, _ latents: Configuration.Latents, dimensions: Int
  ) throws(TensorError) {
    let width = configuration.width
    pooling = try AttentionPooling(scope["pooling"], width: width, heads: configuration.heads)
    hidden = try Linear(scope["posterior"]["hidden"], width, width, bias: true)
    output = try Linear(scope["posterior"]["output"], width, 2 * dimensions, bias: true, gain: 0.1)
    normalization = latents.normalizeMeans ? try MeanNormalization(scope["normalization"], dimensions) : nil
  }

  /// [b, n, d] → Gaussian [b, n / length, dimensions].
  func callAsFunction(
    _ x: Tensor, length: Int, mask: Tensor, weights: Tensor, training: Bool
  ) throws(TensorError) -> Gaussian {
    let pooled = try pooling(x, length: length, mask: mask)
    let gaussian = try Gaussian(output: output(hidden(pooled).gelu()).converted(to: .float32))
    guard let normalization else { return gaussian }
    return Gaussian(
      mean: try normalization(gaussian.mean, weights: weights, training: training), logVariance: gaussian.logVariance)
  }
}
