internal import ModelFormat
public import Tensors
public import VAEGAN

/// What training minimises: the negative evidence lower bound of a batch, in nats a token.
public struct Objective: Sendable {
  /// The weight of the KL divergence (Higgins 2017).
  public var beta: Double
  public var freeBits: FreeBits
  /// The share of the decoder's inputs that are hidden from it (Bowman 2016).
  public var wordDropout: Double

  public init(beta: Double = 1, freeBits: FreeBits = FreeBits(), wordDropout: Double = 0) {
    self.beta = beta
    self.freeBits = freeBits
    self.wordDropout = wordDropout
  }

  /// The loss of a batch and its parts, before any backward pass.
  public struct Value {
    /// Scalar: reconstruction + β · KL with free bits, per token.
    public let loss: Tensor
    /// −log p(x | z), in nats per token. Scalar.
    public let reconstruction: Tensor
    /// KL of each level in nats per window, in their order; empty for a plain decoder. Scalars.
    public let divergence: [Tensor]
  }

  /// - Parameter generator: draws latents and word dropout.
  public func callAsFunction(
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

  /// The decoder's inputs with some of them replaced by PAD; BOS stays.
  private func hidden(_ batch: Batch, using generator: Generator) throws(TensorError) -> Tensor {
    let inputs = batch.inputs
    let isKept = try generator.uniform(inputs.shape, on: inputs.device).isLess(than: wordDropout).not()
    let pad = try inputs * 0 + Double(Configuration.Vocabulary.pad)
    let isBOS = try inputs.equals(Double(Configuration.Vocabulary.bos))
    return try Tensor.select(isKept, inputs, Tensor.select(isBOS, inputs, pad))
  }
}
