internal import Generation
internal import Inference
internal import MusicCore
package import MusicTokens

extension EvaluationRun {
  /// Generates takes, and measures the grammar of samples without masking.
  func takes(of named: NamedModel, for document: inout EvaluationDocument) async throws(Failure) -> [[Token]] {
    let (run, model, count) = (self, named.model, settings.reported.takes)
    let unmasked = await map(count, "unmasked samples") { index in
      var generator = run.generator(.unmaskedSamples, index)
      return FreeDecoding(model).sample(using: &generator)
    }
    document.grammar = .init(unmasked.map { GrammarReport($0) }, bootstrap: bootstrap)
    let first = takeSettings
    let takes = await map(count, "takes") { index in
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
      throw .notFinite(model: named.path)
    }
  }

  /// Evaluates takes that were made elsewhere.
  package func evaluate(
    takes: [[Token]], music: EvaluationMusic, training: EvaluationMusic?
  ) async -> Result {
    let document = EvaluationDocument(
      model: nil, music: .init(music, training: training?.path, windows: music.windows(length: 512), of: nil),
      settings: settings.reported)
    return await evaluate(takes, document, music: music, training: training)
  }

  /// Compares takes with real music.
  func evaluate(
    _ takes: [[Token]], _ document: EvaluationDocument, music: EvaluationMusic, training: EvaluationMusic?
  ) async -> Result {
    var result = Result(document: document)
    result.document.compare(takes, music: music, training: training, bootstrap: bootstrap)
    await compareExcerpts(takes, music: music, training: training, in: &result)
    return result
  }

  /// The settings of the first take; later ones have the next seeds, as with `aurl generate --count`.
  private var takeSettings: GenerationSettings {
    var generation = settings.generation
    generation.seed = settings.reported.seed
    generation.length = TokenTime(Seconds(settings.reported.takeSeconds))
    generation.mayEnd = false
    return generation
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
  /// Compares takes with held-out music and, if given, with the training music.
  fileprivate mutating func compare(
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
