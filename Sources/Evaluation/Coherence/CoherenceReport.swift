internal import MusicCore

/// The measures of coherence of takes and of real music.
public struct CoherenceReport: Hashable, Sendable, Codable {
  /// The number of excerpts that have a measure, and its quartiles.
  public struct Spread: Hashable, Sendable, Codable {
    /// The number of excerpts with a value.
    public var excerpts: Int
    /// The lower quartile.
    public var lowerQuartile: Estimate
    /// The median.
    public var median: Estimate
    /// The upper quartile.
    public var upperQuartile: Estimate
  }

  /// The Kolmogorov–Smirnov distance between two distributions: 0 for equal distributions, 1 for distributions without
  /// overlap.
  public struct Distance: Hashable, Sendable, Codable {
    /// Between takes and held-out music.
    public var takes: Double?
    /// Between training music and held-out music.
    public var training: Double?
    /// Between halves of the held-out pieces, averaged over several splits.
    public var halves: Double?
  }

  /// The values of takes.
  public var takes: [Coherence.Measure: Spread]
  /// Held-out music, with confidence intervals that resample pieces.
  public var real: [Coherence.Measure: Spread]
  /// The values of the training data.
  public var training: [Coherence.Measure: Spread]?
  /// The distances of the takes from real music.
  public var distance: [Coherence.Measure: Distance]

  /// Summarizes the measures of excerpts.
  public init(_ sets: ExcerptSets, bootstrap: Bootstrap) {
    func spreads(_ set: [ExcerptAnalysis]) -> [Coherence.Measure: Spread] {
      let pieces = set.byPiece
      return Self.byMeasure { measure in
        Spread(pieces.map { $0.compactMap { $0.coherence[measure] } }.filter { !$0.isEmpty }, bootstrap: bootstrap)
      }
    }
    takes = spreads(sets.takes)
    real = spreads(sets.real)
    training = sets.training.map(spreads)
    distance = Self.byMeasure { measure in
      func distance(_ first: [ExcerptAnalysis], _ second: [ExcerptAnalysis]) -> Double? {
        Self.distance(
          first.compactMap { $0.coherence[measure] }, second.compactMap { $0.coherence[measure] })
      }
      return Distance(
        takes: distance(sets.takes, sets.real), training: sets.training.flatMap { distance($0, sets.real) },
        halves: sets.halves.compactMap { distance($0.first, $0.second) }.mean)
    }
  }

  private static func byMeasure<Value>(_ value: (Coherence.Measure) -> Value?) -> [Coherence.Measure: Value] {
    Dictionary(
      uniqueKeysWithValues: Coherence.Measure.allCases.compactMap { measure in value(measure).map { (measure, $0) } })
  }

  /// The Kolmogorov–Smirnov distance; nil if either sample is empty. O(n log n).
  package static func distance(_ first: [Double], _ second: [Double]) -> Double? {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let (first, second) = (first.sorted(), second.sorted())
    var (left, right, largest) = (0, 0, 0.0)
    while left < first.count, right < second.count {
      let value = min(first[left], second[right])
      while left < first.count, first[left] == value { left += 1 }
      while right < second.count, second[right] == value { right += 1 }
      largest = max(largest, abs(Double(left) / Double(first.count) - Double(right) / Double(second.count)))
    }
    return largest
  }
}

extension CoherenceReport.Spread {
  /// Nil if there are no numbers.
  init?(_ pieces: [[Double]], bootstrap: Bootstrap) {
    let estimates = bootstrap.estimates(pieces) { pieces in
      let sorted = pieces.flatMap(\.self).sorted()
      return [0.25, 0.5, 0.75].compactMap { sorted.quantile($0) }
    }
    guard estimates.count == 3 else { return nil }
    excerpts = pieces.reduce(0) { $0 + $1.count }
    (lowerQuartile, median, upperQuartile) = (estimates[0], estimates[1], estimates[2])
  }
}
