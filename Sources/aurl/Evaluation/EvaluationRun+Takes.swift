import Evaluation
import Generation
import Inference
import MusicCore
import MusicTokens

extension EvaluationRun {
  /// Generates takes and judges them by real music.
  func addTakes(
    to document: inout EvaluationDocument, of model: Model, music: EvaluationMusic, training: EvaluationMusic?
  ) async throws {
    guard takeCount > 0 else { return }
    let run = self
    let unmasked = await map(takeCount, "unmasked samples") { index in
      var generator = run.generator(.unmaskedSamples, index)
      return FreeDecoding(model).sample(using: &generator)
    }
    document.grammar = .init(unmasked.map { GrammarReport($0) }, bootstrap: bootstrap)
    let first = settings
    let takes = await map(takeCount, "takes") { index in
      Result { () throws(GenerationError) in
        var settings = first
        settings.seed &+= UInt64(index)
        let session = GenerationSession(model, settings)
        var tokens: [Token] = []
        while let token = try session.next() { tokens.append(token) }
        return tokens
      }
    }
    let whole: [[Token]]
    do throws(GenerationError) { whole = try takes.map { take throws(GenerationError) in try take.get() } } catch {
      throw Failure(.malformedInput, document.model.file, ModelOptions.notNumbers)
    }
    document.judge(whole, music: music, training: training, bootstrap: bootstrap)
  }

  /// The settings of the first take; each after it has the next seed, as with `aurl generate --count`.
  private var settings: GenerationSettings {
    var settings = GenerationSettings(seed: options.seed)
    settings.sampling = options.sampling.sampling
    settings.constraints = options.constraints.constraints
    settings.length = Int((options.seconds * Double(Token.ticksPerSecond)).rounded())
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
    if training != nil { memorisation = report.memorisation }
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
