internal import Layers
internal import ModelFormat
internal import Tensors

/// The causal Transformer that writes a window token by token under its latents.
///
/// The latents enter every block (generative skip connections, Dieng 2019; in-attention, Wu & Yang 2021), and
/// nothing else of the encoder does.
public struct Decoder {
  private let blocks: [(latents: Linear?, block: Block)]
  private let norm: RMSNorm
  private let rotary: RotaryPositions

  init(_ scope: Scope, _ configuration: Configuration, rotary: RotaryPositions) throws(TensorError) {
    self.rotary = rotary
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

  /// - Parameters:
  ///   - embedded: BOS and the tokens before each position, [b, n, d].
  ///   - latents: those of each local segment with its phrase's and the window's beside them, [b, segments, total];
  ///     nil for a plain decoder.
  ///   - segment: positions of a segment.
  /// - Returns: [b, n, d].
  func callAsFunction(_ embedded: Tensor, latents: Tensor?, segment: Int) throws(TensorError) -> Tensor {
    var hidden = embedded
    for (projection, block) in blocks {
      if let projection, let latents {
        hidden = try hidden + projection(latents).repeated(segment, 1)
      }
      hidden = try block(hidden, rotary: rotary, causal: true)
    }
    return try norm(hidden)
  }
}
