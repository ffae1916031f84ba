internal import Layers
internal import ModelFormat
internal import Tensors

/// One tower of a critic: blocks whose attention is confined to windows of a fixed length, and a logit for each window
/// from the mean and maximum of its hidden states.
struct Tower {
  private let window: Int
  private let blocks: [GatedBlock]
  private let norm: RMSNorm
  private let head: NormalizedLinear
  private let rotary: RotaryPositions

  init(
    _ scope: Scope, _ configuration: CriticConfiguration, window: Int, norms: SpectralNorms
  ) throws(TensorError) {
    self.window = window
    blocks = try (0..<configuration.layers).map { layer throws(TensorError) in
      try GatedBlock(scope["blocks"][layer], configuration, norms: norms)
    }
    norm = try RMSNorm(scope["norm"], configuration.width)
    head = try NormalizedLinear(scope["head"], 2 * configuration.width, 1, bias: true, norms: norms)
    rotary = try RotaryPositions(positions: window, headWidth: configuration.headWidth, on: scope.device)
  }

  /// - Parameters:
  ///   - input: [b, n, d], where n is a multiple of the window length.
  ///   - features: the features that gate each block, [b, n, d].
  ///   - mask: true for tokens, [b, n].
  func callAsFunction(_ input: Tensor, features: Tensor, mask: Tensor) throws(TensorError) -> CriticOutput.Scale {
    let shape = input.shape
    let (windows, count) = (shape[1] / window, shape[0] * shape[1] / window)
    var hidden = try input.reshaped([count, window, shape[2]])
    let gates = try features.reshaped([count, window, shape[2]])
    let isThere = try mask.reshaped([count, window])
    // A window of only padding attends to itself: its result is not used, but must be finite.
    let isEmpty = try isThere.slice(1, 0..<1).not()
    let visible = try isThere.not().and(isEmpty.not()).not().reshaped([count, 1, 1, window])
    var maps: [Tensor] = []
    for block in blocks {
      hidden = try block(hidden, features: gates, rotary: rotary, mask: visible)
      maps.append(try hidden.reshaped(shape))
    }
    let there = try isThere.converted(to: .float32).unsqueezed(2)  // [count, window, 1]
    let normed = try norm(hidden)
    let tokens = try there.sum(1)  // [count, 1]
    let mean = try (normed * there).sum(1) / tokens.atLeast(1)
    let largest = try (normed + (there - 1) * 1e4).largest(1)
    let isHeard = try tokens.isLess(than: Double(window) / 2).not().converted(to: .float32)
    let pooled = try Tensor.concatenate([mean, largest], 1)
    return try CriticOutput.Scale(
      windows: head(pooled).reshaped([shape[0], windows]), weights: isHeard.reshaped([shape[0], windows]), maps: maps)
  }
}

/// A pre-norm Transformer block (Xiong 2020) with spectrally normalized maps, whose input is gated by the features of
/// each position: [b, n, d] → [b, n, d].
struct GatedBlock {
  private let gate: NormalizedLinear
  private let attentionNorm: RMSNorm
  private let qkv: NormalizedLinear
  private let output: NormalizedLinear
  private let feedForwardNorm: RMSNorm
  private let up: NormalizedLinear
  private let down: NormalizedLinear
  private let heads: AttentionHeads

  init(_ scope: Scope, _ configuration: CriticConfiguration, norms: SpectralNorms) throws(TensorError) {
    let (width, inner) = (configuration.width, configuration.feedForward)
    heads = try AttentionHeads(configuration.heads, width: width, on: scope.device)
    gate = try NormalizedLinear(scope["gate"], width, width, norms: norms)
    attentionNorm = try RMSNorm(scope["attention"]["norm"], width)
    qkv = try NormalizedLinear(scope["attention"]["qkv"], width, 3 * width, norms: norms)
    output = try NormalizedLinear(scope["attention"]["output"], width, width, norms: norms)
    feedForwardNorm = try RMSNorm(scope["feedForward"]["norm"], width)
    up = try NormalizedLinear(scope["feedForward"]["up"], width, inner, norms: norms)
    down = try NormalizedLinear(scope["feedForward"]["down"], inner, width, norms: norms)
  }

  func callAsFunction(
    _ x: Tensor, features: Tensor, rotary: RotaryPositions, mask: Tensor
  ) throws(TensorError) -> Tensor {
    let gated = try x * (gate(features).tanh() + 1)
    let attended = try gated + attention(attentionNorm(gated), rotary: rotary, mask: mask)
    return try attended + down(up(feedForwardNorm(attended)).gelu())
  }

  /// Not a fused kernel, since the gradients of those cannot be differentiated again.
  private func attention(_ x: Tensor, rotary: RotaryPositions, mask: Tensor) throws(TensorError) -> Tensor {
    let (queries, keys, values) = try heads.split(qkv(x, rows: heads.order), rotary: rotary)
    return try output(heads.merged(Tensor.attention(queries, keys, values, mask: mask, fused: false)))
  }
}
