internal import Tensors

/// What the encoder and the priors say of the latents of a batch, and one sample of them.
public struct Inferred {
  public let latents: Latents
  /// q of each level, under the samples of the level above.
  public let posteriors: PerLevel<Gaussian>
  /// p of each level, under the same samples; that of the global level is the standard one, whatever the prior.
  public let priors: PerLevel<Gaussian>
  public let segments: Segments
}
