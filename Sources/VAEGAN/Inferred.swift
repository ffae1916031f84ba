public import ModelFormat
public import Tensors

/// What the encoder and the priors say of the latents of a batch, and one sample of them.
public struct Inferred {
  public let latents: Latents
  /// q of each level, under the samples of the level above.
  public let posteriors: [Configuration.Level: Gaussian]
  /// p of the phrase and local levels, under the same samples.
  public let priors: [Configuration.Level: Gaussian]
  public let segments: Segments
}
