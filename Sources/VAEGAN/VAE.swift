package import Layers
package import ModelFormat
internal import MusicFeatures
package import Tensors

/// The hierarchical variational autoencoder of `docs/model.md`; without latents a plain causal decoder.
package final class VAE {
  package let configuration: Configuration
  package let parameters: Parameters
  let embedding: Tensor
  /// The rows of the embedding that can be predicted: tokens and EOS.
  private let predicted: Tensor
  /// The projections of the `KeyPlanes` that are added to the embedding: for the encoder (nil in a plain decoder) and
  /// for the decoder.
  let planes: (encoder: Linear?, decoder: Linear)
  /// The projection of the `ChartPlanes`, scaled as the embedding is; nil for a decoder that reads no charts.
  private let chartPlanes: Linear?
  private let chords: ChordHead?
  /// The model of charts; nil for a decoder that reads none.
  package let charts: ChartModel?
  private let encoder: Encoder?
  package let prior: (global: GlobalPrior, phrase: ConditionalPrior, local: ConditionalPrior, plan: Plan)?
  let decoder: Decoder
  private let intervals: IntervalHead

  /// - Parameter generator: draws the initial parameters.
  package init(
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
    func planes(_ scope: Scope) throws(TensorError) -> Linear {
      try Linear(scope["planes"], KeyPlanes.count, configuration.width, gain: 0)
    }
    let rotary = try RotaryPositions(
      positions: configuration.window, headWidth: configuration.headWidth, on: device)
    self.planes = (
      encoder: configuration.latents == nil ? nil : try planes(scope["encoder"]),
      decoder: try planes(scope["decoder"])
    )
    intervals = try IntervalHead(scope["decoder"], width: configuration.width)
    if let latents = configuration.latents {
      encoder = try Encoder(scope["encoder"], configuration, latents, rotary: rotary)
      prior = (
        try GlobalPrior(scope["prior"]["global"], latents),
        try ConditionalPrior(
          scope["prior"]["phrase"], parent: latents.global, dimensions: latents.phrase,
          positions: latents.phrasesPerWindow, width: configuration.width),
        try ConditionalPrior(
          scope["prior"]["local"], parent: latents.phrase, dimensions: latents.local,
          positions: latents.localsPerPhrase, width: configuration.width),
        try Plan(scope["prior"]["plan"], latents)
      )
    } else {
      encoder = nil
      prior = nil
    }
    decoder = try Decoder(scope["decoder"], configuration, rotary: rotary)
    chartPlanes = try configuration.chart.map { _ throws(TensorError) in
      try Linear(scope["decoder"]["chart"], ChartPlanes.count, configuration.width, gain: 0)
    }
    chords = try configuration.chart.map { _ throws(TensorError) in
      try ChordHead(scope["decoder"], width: configuration.width)
    }
    charts = try configuration.chart.map { chart throws(TensorError) in try ChartModel(scope["chart"], chart) }
  }

  /// A batch's length must be a multiple of this.
  package var lengthMultiple: Int { configuration.latents?.phraseLength ?? 1 }

  /// Infers the latents of a batch top-down (Sønderby 2016); nil without latents.
  ///
  /// - Parameters:
  ///   - generator: draws the latents; if nil, they are the means.
  ///   - training: whether BatchNorm uses and updates the statistics of the batch.
  package func infer(
    _ batch: Batch, using generator: Generator?, training: Bool
  ) throws(TensorError) -> Inferred? {
    guard let prior, let drawn = try draw(batch, using: generator, training: training) else { return nil }
    return try inferred(drawn, plan: prior.plan(drawn.latents))
  }

  /// The same with gradients only for the plan of the prior and the prior of first global latents; encoder, posteriors
  /// and the Gaussians given the parents are constant.
  package func inferForPrior(_ batch: Batch, using generator: Generator) throws(TensorError) -> Inferred? {
    let fixed = try Gradients.unrecorded { () throws(TensorError) in
      try draw(batch, using: generator, training: false)
    }
    guard let prior, let fixed else { return nil }
    return try inferred(fixed, plan: prior.plan(fixed.latents))
  }

  /// Latents sampled from their posteriors.
  private struct Drawn {
    let latents: Latents
    let posteriors: PerLevel<Gaussian>
    /// The outputs that define the Gaussians of phrases and local segments given their parents alone.
    let ofPhrases: Tensor
    let ofLocals: Tensor
    let segments: Segments
  }

  private func draw(_ batch: Batch, using generator: Generator?, training: Bool) throws(TensorError) -> Drawn? {
    guard let encoder, let prior, let latents = configuration.latents else { return nil }
    // Either whole latent windows or a part of one.
    let window = min(batch.length, latents.windowLength)
    let padding = (window - batch.length % window) % window
    let some = try batch.mask.slice(1, 0..<padding)
    let mask = try padding > 0 ? .concatenate([batch.mask, some.and(some.not())], 1) : batch.mask
    var embedded = try embed(batch.targets, batch, planes.encoder, from: 1)
    if padding > 0 { embedded = try .concatenate([embedded, embedded.slice(1, 0..<padding) * 0], 1) }
    let segments = try Segments(mask, window: window, latents)
    let seen = try encoder(
      embedded, mask: mask, isPadded: padding > 0 || batch.isPadded, segments: segments, training: training)
    func sample(_ gaussian: Gaussian, _ level: Configuration.Level) throws(TensorError) -> Tensor {
      guard let generator else { return try gaussian.mean * segments.weights[level] }
      let noise = try generator.normal(gaussian.mean.shape, on: parameters.device)
      return try gaussian.sample(noise) * segments.weights[level]
    }
    let global = try sample(seen.global, .global)
    let ofPhrases = try prior.phrase(global, count: seen.phrase.mean.shape[1])
    let phrasePosterior = try seen.phrase.product(Gaussian(output: ofPhrases))
    let phrase = try sample(phrasePosterior, .phrase)
    let ofLocals = try prior.local(phrase, count: seen.local.mean.shape[1])
    let localPosterior = try seen.local.product(Gaussian(output: ofLocals))
    return Drawn(
      latents: Latents(global: global, phrase: phrase, local: try sample(localPosterior, .local)),
      posteriors: PerLevel(global: seen.global, phrase: phrasePosterior, local: localPosterior),
      ofPhrases: ofPhrases, ofLocals: ofLocals, segments: segments)
  }

  private func inferred(_ drawn: Drawn, plan: PerLevel<Tensor>) throws(TensorError) -> Inferred {
    Inferred(
      latents: drawn.latents, posteriors: drawn.posteriors,
      priors: PerLevel(
        global: try globals(plan.global), phrase: try Gaussian(output: drawn.ofPhrases + plan.phrase),
        local: try Gaussian(output: drawn.ofLocals + plan.local)),
      segments: drawn.segments)
  }

  /// The Gaussians of global latents: standard normal for the first of a sequence, then those of the plan.
  package func globals(_ outputs: Tensor) throws(TensorError) -> Gaussian {
    let planned = try Gaussian(output: outputs)
    let windows = outputs.shape[1]
    let first = try Gaussian.standard(planned.mean.slice(1, 0..<1).shape, on: parameters.device)
    guard windows > 1 else { return first }
    return Gaussian(
      mean: try .concatenate([first.mean, planned.mean.slice(1, 1..<windows)], 1),
      logVariance: try .concatenate([first.logVariance, planned.logVariance.slice(1, 1..<windows)], 1))
  }

  /// The logits of the tokens and EOS at every position of a batch: [b, n, 775].
  ///
  /// - Parameter inputs: the decoder's inputs, if other than those of the batch; [b, n].
  package func logits(
    _ batch: Batch, latents: Latents?, inputs: Tensor? = nil
  ) throws(TensorError) -> Tensor {
    var embedded = try embed(inputs ?? batch.inputs, batch, planes.decoder, from: 0)
    if let chartPlanes, let planes = batch.chartPlanes {
      embedded = try embedded + chartPlanes(planes * Double(configuration.width).squareRoot())
    }
    let hidden = try decoder(
      embedded, latents: latents?.concatenated(),
      segment: configuration.latents?.localLength ?? 1)
    let result = try logits(hidden, planes: batch.planes.slice(1, 0..<batch.length))
    guard let chords, let planes = batch.chartPlanes else { return result }
    return try result + chords(hidden, planes: planes)
  }

  /// The logits from the outputs of the decoder, [b, n, d], and the planes before each position, [b, n, planes].
  func logits(_ hidden: Tensor, planes: Tensor) throws(TensorError) -> Tensor {
    try parameters.precision.product(hidden, embedding.rows(predicted)).converted(to: .float32)
      + intervals(hidden, planes: planes)
  }

  /// −log p of every token of a batch given the latents: [b, n], 0 in padding.
  package func reconstruction(
    _ batch: Batch, latents: Latents?, inputs: Tensor? = nil
  ) throws(TensorError) -> Tensor {
    let logits = try logits(batch, latents: latents, inputs: inputs)
    let shape = logits.shape
    return try logits.reshaped([shape[0] * shape[1], shape[2]])
      .crossEntropy(batch.classes, ignoring: Configuration.Vocabulary.pad).reshaped([shape[0], shape[1]])
  }

  /// Embeds ids and keyboard states: [b, n] → [b, n, d].
  ///
  /// - Parameter first: the index of the batch's planes that belong to the first id: 0 before the token, 1 after it.
  private func embed(
    _ ids: Tensor, _ batch: Batch, _ projection: Linear?, from first: Int
  ) throws(TensorError) -> Tensor {
    let tokens = try embedding.embedding(ids) * Double(configuration.width).squareRoot()
    guard let projection else { return tokens }
    return try tokens + projection(batch.planes.slice(1, first..<first + batch.length))
  }
}
