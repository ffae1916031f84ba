package import Generation
package import Inference
internal import ModelFormat
internal import MusicCore
internal import MusicTokens
internal import Parallelism

/// Evaluates a model, or takes made elsewhere, on held-out music. Windows and takes are computed in parallel; the results do
/// not depend on the number of jobs.
package struct EvaluationRun: Sendable {
  /// The settings of the computation and of its report.
  package struct Settings: Sendable {
    /// The settings as they are reported, with seed, number and length of takes.
    package var reported: EvaluationDocument.Settings
    /// The number of windows, evenly spaced; nil for all.
    package var windows: Int?
    /// The number of latent samples for the bound of a window.
    package var importanceSamples = 64
    /// How takes are generated: sampling options and constraints.
    package var generation = GenerationSettings(seed: 1)
    /// The number of threads.
    package var jobs = 1

    package init(reported: EvaluationDocument.Settings) { self.reported = reported }
  }

  /// A model and the path of its file.
  package struct NamedModel: Sendable {
    package var model: Model
    package var path: String

    package init(_ model: Model, path: String) {
      self.model = model
      self.path = path
    }
  }

  /// An evaluation that cannot be completed.
  package enum Failure: Error, Hashable {
    /// A model computed probabilities that are not finite.
    case notFinite(model: String)
  }

  /// The results, and the excerpts of takes and of real music if there are enough.
  package struct Result: Sendable {
    package var document: EvaluationDocument
    package var excerpts: ComparedExcerpts?
  }

  package var settings: Settings
  /// Called with the number of finished items, the total number, and a word for the items.
  package var progress: @Sendable (_ done: Int, _ count: Int, _ items: String) -> Void

  package init(
    _ settings: Settings,
    progress: @escaping @Sendable (_ done: Int, _ count: Int, _ items: String) -> Void = { _, _, _ in }
  ) {
    self.settings = settings
    self.progress = progress
  }

  private var seed: UInt64 { settings.reported.seed }
  var bootstrap: Bootstrap { Bootstrap(seed: seed) }

  /// The purposes of random numbers.
  enum Noise: UInt64 {
    case bound, unmaskedSamples
  }

  func generator(_ noise: Noise, _ index: Int = 0) -> SplitMix64 {
    SplitMix64(keys: seed, noise.rawValue, UInt64(index))
  }

  /// Evaluates a model: the likelihood of held-out music compared with baselines, its latents, and its takes.
  ///
  /// - Parameters:
  ///   - plain: a model without latents to compare with.
  ///   - training: the music that the model was trained on, for n-grams and memorization.
  package func evaluate(
    _ named: NamedModel, plain: NamedModel? = nil, music: EvaluationMusic, training: EvaluationMusic?
  ) async throws(Failure) -> Result {
    let model = named.model
    let length = model.configuration.window
    let all = music.windows(length: length)
    let windows = all.evenly(settings.windows ?? all.count)
    var document = EvaluationDocument(
      model: .init(
        file: named.path, step: model.metadata.step, dataHash: model.metadata.dataHash, decoderOnly: plain?.path),
      music: .init(music, training: training?.path, windows: windows, of: all.count), settings: settings.reported)
    var likelihoods = await measure(windows, by: model, document: &document)
    likelihoods.merge(
      await baselines(windows, training: training?.windows(length: length), plain: plain?.model)
    ) { $1 }
    if let plain { try requireNumbers(of: .decoderOnly, in: likelihoods, model: plain.path) }
    try requireNumbers(of: document.mainPredictor, in: likelihoods, model: named.path)
    document.set(likelihoods, bootstrap: bootstrap)
    guard settings.reported.takes > 0 else { return Result(document: document) }
    let takes = try await takes(of: named, for: &document)
    return await evaluate(takes, document, music: music, training: training)
  }

  /// Checks that probabilities are finite, which they may not be even if all weights of the file are.
  private func requireNumbers(
    of predictor: EvaluationDocument.Predictor, in likelihoods: Likelihoods, model path: String
  ) throws(Failure) {
    if likelihoods[predictor, default: []].contains(where: { !$0.nats.isFinite }) { throw .notFinite(model: path) }
  }

  // MARK: Windows

  typealias Likelihoods = [EvaluationDocument.Predictor: [Likelihood]]

  /// Measures windows under a model.
  private func measure(
    _ windows: [HeldOutWindow], by model: Model, document: inout EvaluationDocument
  ) async -> Likelihoods {
    guard let shape = model.configuration.latents else { return [.exact: await exactLikelihoods(windows, by: model)] }
    let partners = windows.partners(seed: seed)
    let samples = settings.importanceSamples
    let run = self
    let measures = await map(windows.count, "windows") { index in
      var generator = run.generator(.bound, index)
      return WindowMeasure(
        of: windows[index], partner: partners[index].map { windows[$0] }, by: model, samples: samples,
        using: &generator)
    }
    document.settings.importanceSamples = samples
    document.latents = LatentReport(measures, of: windows, shape: shape, bootstrap: bootstrap)
    func reconstructions(_ copy: (Int) -> WindowMeasure?) -> ReconstructionReport {
      let copies = windows.indices.map { index in
        copy(index).map { Reconstruction(original: windows[index].passage.tokens, copy: $0.copy) }
      }
      return ReconstructionReport(windows.byPiece(copies).map { $0.compactMap(\.self) }, bootstrap: bootstrap)
    }
    document.reconstruction = reconstructions { measures[$0] }
    if windows.count > 1 { document.reconstructionByChance = reconstructions { partners[$0].map { measures[$0] } } }
    return [
      .importanceWeighted: windows.likelihoods(measures.map { -$0.bound.importanceWeighted }),
      .elbo: windows.likelihoods(measures.map { -$0.bound.evidenceLowerBound }),
    ]
  }

  private func exactLikelihoods(_ windows: [HeldOutWindow], by model: Model) async -> [Likelihood] {
    windows.likelihoods(
      await map(windows.count, "windows, without latents") { WindowScorer(model).nats(of: windows[$0]) })
  }

  private func baselines(
    _ windows: [HeldOutWindow], training: [HeldOutWindow]?, plain: Model?
  ) async -> Likelihoods {
    let passages = windows.byPiece(windows.map(\.passage))
    func likelihoods(_ model: some SequenceModel) -> [Likelihood] { passages.map { model.likelihood(of: $0) } }
    var result: Likelihoods = [.uniform: likelihoods(UniformModel())]
    if let training {
      let learned = training.map(\.passage)
      result[.unigram] = likelihoods(UnigramModel(learned))
      result[.kneserNey5] = likelihoods(KneserNeyModel(learned, order: 5))
    }
    if let plain { result[.decoderOnly] = await exactLikelihoods(windows, by: plain) }
    return result
  }

  // MARK: Support

  /// Computes `work` for 0 ..< `count` in parallel, with progress.
  func map<Value: Sendable>(
    _ count: Int, _ items: String, _ work: @escaping @Sendable (Int) -> Value
  ) async -> [Value] {
    progress(0, count, items)
    var results: [Value] = []
    await Parallel.map(count, jobs: settings.jobs, work) { index, result in
      results.append(result)
      progress(index + 1, count, items)
    }
    return results
  }
}
