internal import MusicCore

/// How well a classifier separates takes from real music, and by which features.
public struct JudgeReport: Hashable, Sendable, Codable {
  /// The version of the features and of the classifier; reports of different versions are not comparable.
  public var version: Int
  /// The area under the ROC curve for takes against held-out excerpts: 0.5 at chance level, 1 for perfect separation.
  /// The interval is a bootstrap over takes and pieces with fixed scores.
  public var takes: Estimate?
  /// The same for training music: the value that a perfect sampler of it would reach.
  public var training: Estimate?
  /// The same for halves of the held-out pieces: the mean, minimum and maximum over several splits.
  public var halves: Estimate?
  /// The features that separate takes from real music, the most important first.
  public var features: [Feature]

  /// A feature's importance and its medians for takes and real music.
  public struct Feature: Hashable, Sendable, Codable {
    /// The feature.
    public var name: JudgeFeature
    /// Its share of the total gain of all trees, 0…1.
    public var importance: Double
    /// The probability that a take has a higher value than an excerpt of real music: above 0.5 takes tend to higher
    /// values.
    public var area: Double
    /// The median in takes.
    public var takes: Double
    /// The median in real music.
    public var real: Double
  }

  /// Trains and tests the classifier on excerpts.
  public init(_ sets: ExcerptSets, bootstrap: Bootstrap) {
    version = Judge.version
    let verdict = Judge.verdict(sets.real, sets.takes)
    takes = verdict?.area(bootstrap)
    training = sets.training.flatMap { Judge.verdict(sets.real, $0)?.area(bootstrap) }
    let areas = sets.halves.compactMap { Judge.verdict($0.first, $0.second, repetitions: 1)?.area }
    halves = areas.mean.map { Estimate(value: $0, low: areas.min() ?? $0, high: areas.max() ?? $0) }
    features = verdict.map { Self.features($0, takes: sets.takes, real: sets.real) } ?? []
  }

  private static func features(
    _ verdict: CrossValidation.Verdict, takes: [ExcerptAnalysis], real: [ExcerptAnalysis]
  ) -> [Feature] {
    JudgeFeature.allCases.enumerated().compactMap { index, name in
      let (ours, theirs) = (takes.map { $0.features[index] }, real.map { $0.features[index] })
      guard let area = AreaUnderCurve.value(theirs, ours), let median = ours.sorted().quantile(0.5),
        let other = theirs.sorted().quantile(0.5)
      else { return nil }
      return Feature(
        name: name, importance: verdict.importances[index], area: area, takes: median, real: other)
    }.sorted { ($1.importance, $0.name.rawValue) < ($0.importance, $1.name.rawValue) }
  }
}
