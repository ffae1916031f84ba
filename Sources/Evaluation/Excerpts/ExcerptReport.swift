/// Compares takes with real music, excerpt by excerpt: coherence, separability by a classifier, and diversity.
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
