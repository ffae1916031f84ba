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
    /// Only the model of chord charts.
    case charts
  }

  /// The loss of a batch and its terms, before any backward pass.
  package struct Value {
    /// Scalar: reconstruction + β · KL with free bits − log p of the charts, per token.
    package var loss: Tensor
    /// −log p(x | z), in nats per token. Scalar.
    package let reconstruction: Tensor
    /// −log p of the charts of the batch; nil if there are none.
    package var charts: ChartModel.Loss?
    /// KL of each level in nats per window, in their order; empty for a plain decoder. Scalars.
    package var divergence: [Tensor]
  }

  /// - Parameter generator: draws latents and word dropout.
  package func callAsFunction(
    _ model: VAE, _ batch: Batch, using generator: Generator, training: Bool = true
  ) throws(TensorError) -> Value {
    let inferred = try model.infer(batch, using: generator, training: training)
    let inputs = wordDropout > 0 && training ? try hidden(batch, using: generator) : nil
    let tokens = Double(batch.tokenCount)
    let reconstruction = try model.reconstruction(batch, latents: inferred?.latents, inputs: inputs).sum() / tokens
    let charts = try model.charts?.loss(batch.charts)
    var value = Value(loss: reconstruction, reconstruction: reconstruction, charts: charts, divergence: [])
    if let charts { value.loss = try value.loss + charts.nats / tokens }
    guard let inferred else { return value }
    let divergence = try model.divergence(inferred, free: freeBits)
    value.loss = try value.loss + divergence.objective * (beta / tokens)
    value.divergence = divergence.perWindow.all
    return value
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

  /// −log p of the charts of a batch alone, for training their model; zero if it has none.
  ///
  /// - Precondition: The model reads charts.
  package func ofCharts(_ model: VAE, _ batch: Batch) throws(TensorError) -> Value {
    guard let charts = model.charts else { preconditionFailure("the model reads no charts") }
    let loss = try charts.loss(batch.charts)
    var nats = try charts.zero()
    if let loss { nats = loss.nats }
    return Value(
      loss: try nats / Double(batch.tokenCount),
      reconstruction: try Tensor.zeros([], on: model.parameters.device), charts: loss, divergence: [])
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
