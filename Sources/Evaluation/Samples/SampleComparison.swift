internal import MusicAnalysis

/// How like real music samples are, feature by feature, beside how like itself real music is.
public struct SampleComparison: Hashable, Sendable, Codable {
  public var feature: TakeFeatures.Name
  /// The samples against the reference.
  public var samples: Agreement
  /// One random half of the reference against the other, over several halvings: what can be reached.
  public var ceiling: Agreement

  /// How alike two sets are in a feature, by the toolbox of Yang & Lerch (2020).
  public struct Agreement: Hashable, Sendable, Codable {
    /// Of the distances within the first set and those between the sets, 0…1; nil where takes do not differ.
    public var overlapArea: Double?
    /// Of the distances within the first set from those between the sets, in nats; nil where it is infinite too.
    public var divergenceNats: Double?
    /// The mean distance between takes of the first set, and of different sets.
    public var distanceWithin: Double?
    public var distanceBetween: Double?
  }

  /// The comparison in every feature; takes of fewer than two notes have no features.
  ///
  /// Takes should be of one length, since the histograms of short ones are rougher.
  ///
  /// - Complexity: O(n²) in takes.
  /// - Parameters:
  ///   - reference: real music, a list for each piece: the excerpts of a piece stay together when it is halved.
  ///   - halvings: how many random halvings the ceiling is the mean of.
  public static func all(
    _ samples: [Take], reference: [[Take]], halvings: Int = 10, seed: UInt64 = 0
  ) -> [SampleComparison] {
    let samples = samples.compactMap(TakeFeatures.init)
    let pieces = reference.map { $0.compactMap(TakeFeatures.init) }
    let agreements = agreements(samples, pieces.flatMap(\.self))
    var generator = SeededGenerator(seed: seed)
    let ceilings = (0..<halvings).map { _ in
      let shuffled = pieces.shuffled(using: &generator)
      let half = shuffled.count / 2
      return Self.agreements(shuffled[..<half].flatMap(\.self), shuffled[half...].flatMap(\.self))
    }
    return TakeFeatures.Name.allCases.enumerated().map { index, name in
      SampleComparison(feature: name, samples: agreements[index], ceiling: Agreement(mean: ceilings.map { $0[index] }))
    }
  }

  /// By feature, in the order of all names.
  private static func agreements(_ first: [TakeFeatures], _ second: [TakeFeatures]) -> [Agreement] {
    SetDifference.all(first, second).map { difference in
      Agreement(
        overlapArea: difference.first.overlapArea, divergenceNats: difference.first.divergenceNats,
        distanceWithin: difference.first.meanDistance, distanceBetween: difference.meanDistance)
    }
  }
}

extension SampleComparison.Agreement {
  /// The means of what is not nil.
  init(mean agreements: [Self]) {
    overlapArea = agreements.compactMap(\.overlapArea).mean
    divergenceNats = agreements.compactMap(\.divergenceNats).mean
    distanceWithin = agreements.compactMap(\.distanceWithin).mean
    distanceBetween = agreements.compactMap(\.distanceBetween).mean
  }
}
