internal import Layers
internal import ModelFormat
package import Tensors
package import VAEGAN

/// The training objective: the negative evidence lower bound of a batch, in nats per token.
package struct Objective: Sendable {
  /// The weight of the KL divergence (Higgins 2017).
  package var beta: Double
  package var freeBits: FreeBits
  /// The share of the decoder's inputs that are replaced by PAD (word dropout, Bowman 2016).
  package var wordDropout: Double

  package init(beta: Double = 1, freeBits: FreeBits = FreeBits(), wordDropout: Double = 0) {
    self.beta = beta
    self.freeBits = freeBits
    self.wordDropout = wordDropout
  }

  /// The part of the model that is trained.
  package enum Part: String, Codable, CaseIterable, Sendable {
    case all
    /// Only the prior: its plan, which then sees longer sequences than the decoder, and the prior of first global
    /// latents.
    case prior
  }

  /// The loss of a batch and its terms, before any backward pass.
  package struct Value {
    /// Scalar: reconstruction + β · KL with free bits, per token.
    package let loss: Tensor
    /// −log p(x | z), in nats per token. Scalar.
    package let reconstruction: Tensor
    /// KL of each level in nats per window, in their order; empty for a plain decoder. Scalars.
    package let divergence: [Tensor]
  }

  /// - Parameter generator: draws latents and word dropout.
  package func callAsFunction(
    _ model: VAE, _ batch: Batch, using generator: Generator, training: Bool = true
  ) throws(TensorError) -> Value {
    let inferred = try model.infer(batch, using: generator, training: training)
    let inputs = wordDropout > 0 && training ? try hidden(batch, using: generator) : nil
    let tokens = Double(batch.tokenCount)
    let reconstruction = try model.reconstruction(batch, latents: inferred?.latents, inputs: inputs).sum() / tokens
    guard let inferred else { return Value(loss: reconstruction, reconstruction: reconstruction, divergence: []) }
    let divergence = try model.divergence(inferred, free: freeBits)
    return Value(
      loss: try reconstruction + divergence.objective * (beta / tokens), reconstruction: reconstruction,
      divergence: divergence.perWindow.all)
  }

  /// The KL of a batch alone, for training the prior, without reconstruction. Each global latent is also used as the
  /// first of a sequence, since a take may begin like the middle of a piece.
  ///
  /// - Precondition: The model has latents.
  package func ofPrior(_ model: VAE, _ batch: Batch, using generator: Generator) throws(TensorError) -> Value {
    guard let inferred = try model.inferForPrior(batch, using: generator) else {
      preconditionFailure("a model without latents has no prior")
    }
    let divergence = try model.divergence(inferred, free: FreeBits())
    let total = try divergence.objective + model.firstGlobalNats(inferred)
    return Value(
      loss: try total / Double(batch.tokenCount),
      reconstruction: try Tensor.zeros([], on: model.parameters.device), divergence: divergence.perWindow.all)
  }

  /// The decoder's inputs with word dropout: some are replaced by PAD, but not BOS.
  private func hidden(_ batch: Batch, using generator: Generator) throws(TensorError) -> Tensor {
    let inputs = batch.inputs
    let isKept = try generator.uniform(inputs.shape, on: inputs.device).isLess(than: wordDropout).not()
    let pad = try inputs * 0 + Double(Configuration.Vocabulary.pad)
    let isBOS = try inputs.equals(Double(Configuration.Vocabulary.bos))
    return try Tensor.select(isKept, inputs, Tensor.select(isBOS, inputs, pad))
  }
}
