public import Layers
public import ModelFormat
public import Tensors

/// The hierarchical variational autoencoder of `docs/model.md`; without latents a plain causal decoder.
public final class VAE {
  public let configuration: Configuration
  public let parameters: Parameters
  private let embedding: Tensor
  /// The rows of the embedding that are predicted: tokens and EOS.
  private let predicted: Tensor
  private let encoder: Encoder?
  public let prior: (global: GlobalPrior, phrase: ConditionalPrior, local: ConditionalPrior)?
  private let decoder: Decoder

  /// - Parameter generator: draws the initial parameters.
  public init(
    _ configuration: Configuration, on device: Device = .cpu, precision: Precision = .single,
    processes: ProcessGroup = ProcessGroup(), generator: Generator
  ) throws(TensorError) {
    self.configuration = configuration
    parameters = Parameters(on: device, precision: precision, processes: processes, generator: generator)
    let scope = parameters.scope
    embedding = try scope["embedding"].parameter(
      "weight", [Configuration.Vocabulary.count, configuration.width], .scaled(inputs: configuration.width))
    let ids = (0..<Configuration.Vocabulary.count).filter(Configuration.Vocabulary.isPredicted)
    predicted = try Tensor(ids.map(Int64.init), [ids.count], on: device, name: "predicted ids")
    let rotary = try RotaryPositions(
      positions: configuration.window, headWidth: configuration.headWidth, on: device)
    if let latents = configuration.latents {
      encoder = try Encoder(scope["encoder"], configuration, latents, rotary: rotary)
      prior = (
        try GlobalPrior(scope["prior"]["global"], latents),
        try ConditionalPrior(
          scope["prior"]["phrase"], parent: latents.global, dimensions: latents.phrase,
          positions: configuration.window / latents.phraseLength, width: configuration.width),
        try ConditionalPrior(
          scope["prior"]["local"], parent: latents.phrase, dimensions: latents.local,
          positions: latents.phraseLength / latents.localLength, width: configuration.width)
      )
    } else {
      encoder = nil
      prior = nil
    }
    decoder = try Decoder(scope["decoder"], configuration, rotary: rotary)
  }

  /// What a batch's length must be a multiple of.
  public var lengthMultiple: Int { configuration.latents?.phraseLength ?? 1 }

  /// Infers the latents of a batch from the top down (Sønderby 2016); nil without latents.
  ///
  /// - Parameters:
  ///   - generator: draws the latents; without it they are the means.
  ///   - training: whether BatchNorm takes and updates the statistics of the batch.
  public func infer(
    _ batch: Batch, using generator: Generator?, training: Bool
  ) throws(TensorError) -> Inferred? {
    guard let encoder, let prior, let latents = configuration.latents else { return nil }
    let segments = try Segments(batch, latents)
    let seen = try encoder(embed(batch.targets), batch, segments: segments, training: training)
    func draw(_ gaussian: Gaussian, _ level: Configuration.Level) throws(TensorError) -> Tensor {
      guard let generator else { return try gaussian.mean * segments.weights[level] }
      let noise = try generator.normal(gaussian.mean.shape, on: parameters.device)
      return try gaussian.sample(noise) * segments.weights[level]
    }
    let global = try draw(seen.global, .global)
    let phrasePrior = try prior.phrase(global, count: seen.phrase.mean.shape[1])
    let phrasePosterior = try seen.phrase.product(phrasePrior)
    let phrase = try draw(phrasePosterior, .phrase)
    let localPrior = try prior.local(phrase, count: seen.local.mean.shape[1])
    let localPosterior = try seen.local.product(localPrior)
    let local = try draw(localPosterior, .local)
    return Inferred(
      latents: Latents(global: global, phrase: phrase, local: local),
      posteriors: PerLevel(global: seen.global, phrase: phrasePosterior, local: localPosterior),
      priors: PerLevel(
        global: try .standard(seen.global.mean.shape, on: parameters.device), phrase: phrasePrior, local: localPrior),
      segments: segments)
  }

  /// The logits of the tokens and EOS at every position of a batch: [b, n, 775].
  ///
  /// - Parameter inputs: what the decoder sees, where it is not the batch's own; [b, n].
  public func logits(
    _ batch: Batch, latents: Latents?, inputs: Tensor? = nil
  ) throws(TensorError) -> Tensor {
    let hidden = try decoder(
      embed(inputs ?? batch.inputs), latents: latents?.concatenated(), segment: configuration.latents?.localLength ?? 1)
    return try parameters.precision.product(hidden, embedding.rows(predicted)).converted(to: .float32)
  }

  /// −log p of every token of a batch under the latents: [b, n], 0 at padding.
  public func reconstruction(
    _ batch: Batch, latents: Latents?, inputs: Tensor? = nil
  ) throws(TensorError) -> Tensor {
    let logits = try logits(batch, latents: latents, inputs: inputs)
    let shape = logits.shape
    return try logits.reshaped([shape[0] * shape[1], shape[2]])
      .crossEntropy(batch.classes, ignoring: Configuration.Vocabulary.pad).reshaped([shape[0], shape[1]])
  }

  /// [b, n] → [b, n, d].
  private func embed(_ ids: Tensor) throws(TensorError) -> Tensor {
    try embedding.embedding(ids) * Double(configuration.width).squareRoot()
  }
}
