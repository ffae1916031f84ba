import Datasets
import Evaluation
import EvaluationReport
import Inference
import ModelFormat
import MusicCore
import Terminal

/// Measures a model, several windows or takes at a time. The figures are the same whatever the number.
struct EvaluationRun: Sendable {
  let options: Evaluate

  var jobs: Int { options.jobs ?? Environment.processorCount }
  var bootstrap: Bootstrap { Bootstrap(seed: options.seed) }

  /// What noise is drawn for.
  enum Noise: UInt64 {
    case bound, unmaskedSamples
  }

  func generator(_ noise: Noise, _ index: Int = 0) -> SplitMix64 {
    SplitMix64(keys: options.seed, noise.rawValue, UInt64(index))
  }

  /// What is measured, and the page that shows it where there are takes.
  struct Result: Sendable {
    var document: EvaluationDocument
    var page: ComparisonPage?
  }

  func result() async throws -> Result {
    if let folder = options.takesFrom { return try await judged(takesFrom: folder) }
    let model = try options.model.load()
    let plain = try options.decoderOnly.map { try Self.loadDecoder($0) }
    let music = try await EvaluationMusic.read(options.folder, split: options.split, options: options)
    var training: EvaluationMusic?
    if let path = options.training {
      training = try await EvaluationMusic.read(path, split: .train, options: options)
    }
    let length = model.configuration.window
    let all = music.windows(length: length)
    let windows = all.evenly(options.windows ?? (options.quick ? 64 : all.count))
    var document = EvaluationDocument(
      model: .init(
        file: try options.model.path(), step: model.metadata.step, dataHash: model.metadata.dataHash,
        decoderOnly: options.decoderOnly),
      music: .init(music, training: training?.path, windows: windows, of: all.count),
      settings: .init(
        takes: takeCount, takeSeconds: options.seconds, temperature: options.sampling.temperature,
        topP: options.sampling.topP, topK: options.sampling.topK, minP: options.sampling.minP,
        tonality: options.sampling.tonality, repetitionPenalty: options.sampling.repetitionPenalty,
        recurrence: options.sampling.recurrence,
        key: options.constraints.key, range: options.constraints.range?.description,
        maxPolyphony: options.constraints.maxPolyphony, longestNote: options.constraints.longestNote,
        seed: options.seed))
    var likelihoods = try await measure(windows, by: model, document: &document)
    likelihoods.merge(
      try await baselines(windows, training: training?.windows(length: length), plain: plain)
    ) { $1 }
    try requireNumbers(of: .decoderOnly, in: likelihoods, model: options.decoderOnly)
    try requireNumbers(of: document.mainPredictor, in: likelihoods, model: document.model?.file)
    document.take(likelihoods, bootstrap: bootstrap)
    guard takeCount > 0 else { return Result(document: document) }
    let takes = try await takes(of: model, for: &document)
    return await judged(takes, document, music: music, training: training)
  }

  var sampleCount: Int { options.samples ?? (options.quick ? 8 : 64) }
  var takeCount: Int { options.takes ?? (options.quick ? 40 : 200) }

  /// Numbers of a file can be sound, and what is computed of them beyond all bounds.
  private func requireNumbers(
    of predictor: EvaluationDocument.Predictor, in likelihoods: Likelihoods, model path: String?
  ) throws(Failure) {
    guard likelihoods[predictor, default: []].contains(where: { !$0.nats.isFinite }) else { return }
    throw Failure(.malformedInput, path, ModelOptions.notNumbers)
  }

  private static func loadDecoder(_ path: String) throws(Failure) -> Model {
    let model: Model
    do throws(ModelFormatError) { model = try Model(path: path) } catch { throw Failure(error) }
    guard model.prior == nil else {
      throw Failure(.usage, path, "this model has latents; --decoder-only takes one without, to compare with")
    }
    return model
  }

  // MARK: Windows

  typealias Likelihoods = [EvaluationDocument.Predictor: [Likelihood]]

  /// Measures what a model makes of windows.
  private func measure(
    _ windows: [HeldOutWindow], by model: Model, document: inout EvaluationDocument
  ) async throws -> Likelihoods {
    guard let shape = model.configuration.latents else { return [.exact: await exactLikelihoods(windows, by: model)] }
    let partners = windows.partners(seed: options.seed)
    let samples = sampleCount
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
  ) async throws -> Likelihoods {
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

  /// Works on 0 ..< `count`, some at a time, and says how far it is.
  func map<Value: Sendable>(
    _ count: Int, _ what: String, _ work: @escaping @Sendable (Int) -> Value
  ) async -> [Value] {
    var progress = ProgressLine(isQuiet: options.quiet)
    progress.update("0 of \(count) \(what)")
    let left = TimeLeft()
    var results: [Value] = []
    await Parallel.map(count, jobs: jobs, work) { index, result in
      results.append(result)
      progress.update("\(index + 1) of \(count) \(what)\(left.text(after: Double(index + 1) / Double(count)))")
    }
    progress.clear()
    return results
  }
}
