internal import Layers
internal import ModelFormat
internal import Tensors

/// The causal Transformer that predicts a window token by token, conditioned on its latents.
///
/// The latents are added to the input of every block (generative skip connections, Dieng 2019; in-attention, Wu & Yang
/// 2021); they are the only connection to the encoder.
package struct Decoder {
  private let blocks: [(latents: Linear?, block: Block)]
  private let norm: RMSNorm
  private let rotary: RotaryPositions
  private let configuration: Configuration

  init(_ scope: Scope, _ configuration: Configuration, rotary: RotaryPositions) throws(TensorError) {
    self.rotary = rotary
    self.configuration = configuration
    blocks = try (0..<configuration.decoderLayers).map { layer throws(TensorError) in
      let scope = scope["blocks"][layer]
      let latents = try configuration.latents.map { latents throws(TensorError) in
        try Linear(scope["latents"], latents.total, configuration.width)
      }
      let block = try Block(
        scope, width: configuration.width, heads: configuration.heads, inner: configuration.feedForward,
        depth: configuration.decoderLayers)
      return (latents, block)
    }
    norm = try RMSNorm(scope["norm"], configuration.width)
  }

  /// In sequences longer than a window, each position attends to the last `window` positions in every block, as with a
  /// rolling key-value cache.
  ///
  /// - Parameters:
  ///   - embedded: the embeddings of BOS and the tokens before each position, [b, n, d].
  ///   - latents: the concatenated latents of each local segment, its phrase and the window, [b, segments, total]; nil
  ///     for a plain decoder.
  ///   - segment: the number of positions of a segment.
  /// - Returns: [b, n, d].
  func callAsFunction(_ embedded: Tensor, latents: Tensor?, segment: Int) throws(TensorError) -> Tensor {
    let length = embedded.shape[1]
    let isLong = length > configuration.window
    let rotary =
      isLong
      ? try RotaryPositions(positions: length, headWidth: configuration.headWidth, on: embedded.device) : rotary
    let mask = isLong ? try rollingMask(length, on: embedded.device) : nil
    var hidden = embedded
    for (projection, block) in blocks {
      if let projection, let latents {
        hidden = try hidden + projection(latents).repeated(segment, 1).slice(1, 0..<length)
      }
      hidden = try block(hidden, rotary: rotary, mask: mask, causal: !isLong)
    }
    return try norm(hidden)
  }

  /// The keys and values of the positions so far, for each block.
  struct Cache {
    fileprivate var layers: [SelfAttention.Cache]
  }

  var emptyCache: Cache { Cache(layers: blocks.map { _ in SelfAttention.Cache() }) }

  /// The output at the next position, [b, 1, d], differentiable through all positions; at most a window of them.
  ///
  /// - Parameters:
  ///   - embedded: the embedding of the token before the position, [b, 1, d].
  ///   - latents: the concatenated latents of its local segment, its phrase and the window, [b, 1, total].
  func next(_ embedded: Tensor, latents: Tensor?, after cache: inout Cache) throws(TensorError) -> Tensor {
    var hidden = embedded
    for (layer, (projection, block)) in blocks.enumerated() {
      if let projection, let latents { hidden = try hidden + projection(latents) }
      hidden = try block.next(hidden, after: &cache.layers[layer], rotary: rotary)
    }
    return try norm(hidden)
  }

  /// The attention mask of a sequence longer than a window: [1, 1, n, n].
  private func rollingMask(_ length: Int, on device: Device) throws(TensorError) -> Tensor {
    let positions = try Tensor.range(length, on: device)
    let distance = try positions.unsqueezed(1) - positions  // [n, n]
    return try distance.isLess(than: 0).not().and(distance.isLess(than: Double(configuration.window)))
      .reshaped([1, 1, length, length])
  }
}
