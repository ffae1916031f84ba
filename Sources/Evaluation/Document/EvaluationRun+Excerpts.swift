internal import MusicCore
internal import MusicTokens

extension EvaluationRun {
  /// Compares takes with excerpts of real music of the same lengths. Their selection does not depend on the seed of the
  /// takes, so that all models are compared with the same excerpts.
  func compareExcerpts(
    _ takes: [[Token]], music: EvaluationMusic, training: EvaluationMusic?, in result: inout Result
  ) async {
    let length = Seconds(settings.reported.takeSeconds)
    let made = Excerpt.takes(takes, length: length)
    let starts = settings.reported.beginnings == true ? ExcerptSource.Starts.beginnings : .anywhere
    let source = ExcerptSource(music.tokens, length: length, starts: starts)
    guard made.count > 1, source.pieceCount > 0 else { return }
    let lengths = made.map(\.music.duration)
    let heldOut = source.excerpts(2 * made.count, lengths: lengths, seed: Judge.seed)
    let learned = training.map {
      ExcerptSource($0.tokens, length: length, starts: starts)
        .excerpts(made.count, lengths: lengths, seed: Judge.seed)
    }
    let all = made + heldOut + (learned ?? [])
    let analyses = await map(all.count, "excerpts") { ExcerptAnalysis(all[$0]) }
    let sets = ExcerptSets(
      takes: Array(analyses[..<made.count]), heldOut: Array(analyses[made.count..<made.count + heldOut.count]),
      training: learned.map { Array(analyses.suffix($0.count)) }, seed: Judge.seed)
    let report = ExcerptReport(sets, bootstrap: bootstrap)
    result.document.excerpts = .init(
      takes: sets.takes.count, real: sets.real.count, training: sets.training?.count, pieces: source.pieceCount)
    result.document.coherence = report.coherence
    result.document.judge = report.judge
    result.document.diversity = report.diversity
    result.excerpts = ComparedExcerpts(report: report, sets: sets, takes: made, real: heldOut)
  }
}

/// Takes and the excerpts of real music that they were compared with.
package struct ComparedExcerpts: Sendable {
  package var report: ExcerptReport
  package var sets: ExcerptSets
  package var takes: [Excerpt]
  package var real: [Excerpt]
}
