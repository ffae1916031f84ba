package import ModelFormat

/// The posteriors and priors of the latents of a batch, and one sample of them.
package struct Inferred {
  package let latents: Latents
  /// q of each level, given the samples of the level above.
  package let posteriors: PerLevel<Gaussian>
  /// p of each level, given the samples of all latents before; for the first global latent the standard normal,
  /// whatever its prior.
  package let priors: PerLevel<Gaussian>
  package let segments: Segments
}
