package import Tensors

/// Direct discriminative optimization (Zheng 2025): the model is its own discriminator, whose logit for a piece of music is
/// the log-likelihood ratio log p(x) − log p₀(x) of the model and its initial state.
///
/// Takes must be sampled from the initial model. Then the loss is least where the model has the distribution of real music,
/// as that of any discriminator is.
package enum LikelihoodRatio {
  /// The cross-entropy of the discriminator, a scalar.
  ///
  /// - Parameters:
  ///   - real: the log-likelihood ratio of each piece of real music, in nats: [b].
  ///   - fake: that of each take: [b].
  ///   - scale: the factor of the ratio in the logit; below 1 the discriminator is less certain.
  package static func loss(real: Tensor, fake: Tensor, scale: Double) throws(TensorError) -> Tensor {
    try (real * -scale).softplus().mean() + (fake * scale).softplus().mean()
  }
}
