import Datasets
import Evaluation
import Generation
import Inference
import MusicCore
import MusicTokens
import Terminal

extension EvaluationRun {
  /// Generates takes, and measures the grammar of what the model makes without any.
  func takes(of model: Model, for document: inout EvaluationDocument) async throws -> [[Token]] {
    let run = self
    let unmasked = await map(takeCount, "unmasked samples") { index in
      var generator = run.generator(.unmaskedSamples, index)
      return FreeDecoding(model).sample(using: &generator)
    }
    document.grammar = .init(unmasked.map { GrammarReport($0) }, bootstrap: bootstrap)
    let first = settings
    let takes = await map(takeCount, "takes") { index in
      Swift.Result { () throws(GenerationError) in
        var settings = first
        settings.seed &+= UInt64(index)
        let session = GenerationSession(model, settings)
        var tokens: [Token] = []
        while let token = try session.next() { tokens.append(token) }
        return tokens
      }
    }
    do throws(GenerationError) { return try takes.map { take throws(GenerationError) in try take.get() } } catch {
      throw Failure(.malformedInput, document.model?.file, ModelOptions.notNumbers)
    }
  }

  /// Judges takes that were made elsewhere.
  func judged(takesFrom folder: String) async throws -> Result {
    var takes = try await EvaluationMusic.read(folder, split: .valid, options: options).tokens
    if let count = options.takes { takes = Array(takes.prefix(count)) }
    let music = try await EvaluationMusic.read(options.folder, split: options.split, options: options)
    var training: EvaluationMusic?
    if let path = options.training {
      training = try await EvaluationMusic.read(path, split: .train, options: options)
    }
    let document = EvaluationDocument(
      model: nil,
      music: .init(music, training: training?.path, windows: music.windows(length: 512), of: nil),
      settings: .init(
        takes: takes.count, takeSeconds: options.seconds, takesFrom: folder, seed: options.seed))
    return await judged(takes, document, music: music, training: training)
  }

  /// Judges takes by real music.
  func judged(
    _ takes: [[Token]], _ document: EvaluationDocument, music: EvaluationMusic, training: EvaluationMusic?
  ) async -> Result {
    var result = Result(document: document)
    result.document.judge(takes, music: music, training: training, bootstrap: bootstrap)
    await compareExcerpts(takes, music: music, training: training, in: &result)
    return result
  }

  /// The settings of the first take; each after it has the next seed, as with `aurl generate --count`.
  private var settings: GenerationSettings {
    var settings = GenerationSettings(seed: options.seed)
    settings.sampling = options.sampling.sampling
    settings.constraints = options.constraints.constraints
    settings.length = TokenTime(Seconds(options.seconds)).rawValue
    settings.mayEnd = false
    return settings
  }
}

extension EvaluationDocument.Grammar {
  init(_ reports: [GrammarReport], bootstrap: Bootstrap) {
    samples = reports.count
    report = reports.sum
    ungrammaticalRate = bootstrap.estimate(reports, \.sum.ungrammaticalRate)
    irregularRate = bootstrap.estimate(reports, \.sum.irregularRate)
  }
}

extension EvaluationDocument {
  /// Compares takes with held-out music, and with what the model learned from where that is there.
  fileprivate mutating func judge(
    _ takes: [[Token]], music: EvaluationMusic, training: EvaluationMusic?, bootstrap: Bootstrap
  ) {
    var judge = SampleJudge(
      reference: music.tokens, training: training?.tokens ?? [], length: Seconds(settings.takeSeconds))
    judge.bootstrap = bootstrap
    let report = judge.report(takes)
    overlapArea = likeness(report.comparison, \.overlapArea)
    divergenceNats = likeness(report.comparison, \.divergenceNats)
    self.takes = Takes(
      count: report.samples, seconds: report.seconds, notes: report.notes, silent: report.silent,
      longestSilence: report.longestSilence, loopRate: report.loopRate,
      repairs: report.grammar.repairs.values.reduce(report.grammar.openAtEnd, +))
    if training != nil { memorization = report.memorization }
  }

  private func likeness(
    _ comparison: [SampleComparison], _ figure: KeyPath<SampleComparison.Agreement, Double?>
  ) -> [TakeFeatures.Name: Likeness]? {
    let likeness = comparison.map { feature in
      let values = [feature.samples, feature.training, feature.halves].map { $0[keyPath: figure] }
      return (feature.feature, Likeness(takes: values[0], training: values[1], halves: values[2]))
    }
    let hasAny = likeness.contains { $0.1.takes != nil || $0.1.training != nil || $0.1.halves != nil }
    return hasAny ? Dictionary(uniqueKeysWithValues: likeness) : nil
  }
}
