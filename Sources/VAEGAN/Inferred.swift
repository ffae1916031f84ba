package import ModelFormat

/// What the encoder and the priors say of the latents of a batch, and one sample of them.
package struct Inferred {
  package let latents: Latents
  /// q of each level, under the samples of the level above.
  package let posteriors: PerLevel<Gaussian>
  /// p of each level, under the samples of all latents before; that of the first global latent is the standard one,
  /// whatever the prior.
  package let priors: PerLevel<Gaussian>
  package let segments: Segments
}
