/// Compares takes with real music, excerpt by excerpt: coherence, separability by a classifier, and diversity.
///
/// ```swift
/// let report = ExcerptReport(ExcerptSets(takes: takes, heldOut: heldOut))
/// ```
public struct ExcerptReport: Hashable, Sendable, Codable {
  /// Measures of coherence.
  public var coherence: CoherenceReport
  /// How well a classifier tells takes from real music.
  public var judge: JudgeReport
  /// The diversity of the takes.
  public var diversity: DiversityReport

  /// Computes all measures of excerpts.
  public init(_ sets: ExcerptSets, bootstrap: Bootstrap = Bootstrap()) {
    coherence = CoherenceReport(sets, bootstrap: bootstrap)
    judge = JudgeReport(sets, bootstrap: bootstrap)
    diversity = DiversityReport(sets)
  }
}
