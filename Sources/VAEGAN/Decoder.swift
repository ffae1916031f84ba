internal import Layers
internal import ModelFormat
internal import Tensors

/// The causal Transformer that writes a window token by token under its latents.
///
/// The latents enter every block (generative skip connections, Dieng 2019; in-attention, Wu & Yang 2021), and
/// nothing else of the encoder does.
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

  /// Past a window, each position sees the last `window` ones in every block, as in a cache that rolls on.
  ///
  /// - Parameters:
  ///   - embedded: BOS and the tokens before each position, [b, n, d].
  ///   - latents: those of each local segment with its phrase's and the window's beside them, [b, segments, total];
  ///     nil for a plain decoder.
  ///   - segment: positions of a segment.
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

  /// Where each position may look in a sequence longer than a window: [1, 1, n, n].
  private func rollingMask(_ length: Int, on device: Device) throws(TensorError) -> Tensor {
    let positions = try Tensor.range(length, on: device)
    let distance = try positions.unsqueezed(1) - positions  // [n, n]
    return try distance.isLess(than: 0).not().and(distance.isLess(than: Double(configuration.window)))
      .reshaped([1, 1, length, length])
  }
}
