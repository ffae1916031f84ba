/// Takes beside real music, excerpt by excerpt: whether they hold together, whether a classifier tells them apart, and
/// whether they are as many kinds of music.
///
/// ```swift
/// let report = ExcerptReport(ExcerptSets(takes: takes, heldOut: heldOut))
/// ```
public struct ExcerptReport: Hashable, Sendable, Codable {
  public var coherence: CoherenceReport
  public var judge: JudgeReport
  public var diversity: DiversityReport

  public init(_ sets: ExcerptSets, bootstrap: Bootstrap = Bootstrap()) {
    coherence = CoherenceReport(sets, bootstrap: bootstrap)
    judge = JudgeReport(sets, bootstrap: bootstrap)
    diversity = DiversityReport(sets)
  }
}
