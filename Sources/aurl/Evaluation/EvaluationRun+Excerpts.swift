import Evaluation
import EvaluationReport
import MusicCore
import MusicTokens

extension EvaluationRun {
  /// What is said where there is nothing to compare.
  static let tooShort = "there are no two takes with notes, or the music is shorter than they are"

  /// Compares takes with excerpts of real music that are cut like them. Which these are does not follow from the seed of
  /// the takes, so that all models are judged by the same.
  func compareExcerpts(
    _ takes: [[Token]], music: EvaluationMusic, training: EvaluationMusic?, in result: inout Result
  ) async {
    let length = Seconds(options.seconds)
    let made = Excerpt.takes(takes, length: length)
    let source = ExcerptSource(music.tokens, length: length)
    guard made.count > 1, source.pieceCount > 0 else { return }
    let lengths = made.map(\.music.duration)
    let heldOut = source.excerpts(2 * made.count, lengths: lengths, seed: Judge.seed)
    let learned = training.map {
      ExcerptSource($0.tokens, length: length).excerpts(made.count, lengths: lengths, seed: Judge.seed)
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
    guard options.html != nil else { return }
    result.page = ComparisonPage(
      title: result.document.model?.file ?? options.takesFrom ?? "", report: report, sets: sets, takes: made,
      real: heldOut, seed: options.seed)
  }
}
