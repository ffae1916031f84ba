internal import MusicAnalysis
internal import MusicCore

/// How like real music samples are, feature by feature, beside how like it other real music is.
public struct SampleComparison: Hashable, Sendable, Codable {
  public var feature: TakeFeatures.Name
  /// The samples against the reference.
  public var samples: Agreement
  /// As many takes of the training music, or all that there are, against the reference: what a perfect sampler would reach.
  public var training: Agreement
  /// One random half of the reference's pieces against the other, the mean of several halvings. Few pieces make small
  /// halves, which are less alike than large sets.
  public var halves: Agreement

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
  /// All takes should be of one length, since the histograms of short ones are rougher.
  ///
  /// - Complexity: O(n²) in takes.
  /// - Parameters:
  ///   - training: takes of the music that the model learnt from, about as many as samples.
  ///   - reference: held-out music, a list for each piece: the takes of a piece stay together when pieces are halved.
  public static func all(
    _ samples: [Take], training: [Take], reference: [[Take]], halvings: Int = 5, seed: UInt64 = 0
  ) -> [SampleComparison] {
    let pieces = reference.map { $0.compactMap(TakeFeatures.init) }
    let whole = pieces.flatMap(\.self)
    let ours = agreements(samples.compactMap(TakeFeatures.init), whole)
    let theirs = agreements(training.compactMap(TakeFeatures.init), whole)
    var generator = SplitMix64(seed: seed)
    let halves = (0..<halvings).map { _ in
      let shuffled = pieces.shuffled(using: &generator)
      let half = shuffled.count / 2
      return agreements(shuffled[..<half].flatMap(\.self), shuffled[half...].flatMap(\.self))
    }
    return TakeFeatures.Name.allCases.enumerated().map { index, name in
      SampleComparison(
        feature: name, samples: ours[index], training: theirs[index], halves: Agreement(mean: halves.map { $0[index] }))
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
