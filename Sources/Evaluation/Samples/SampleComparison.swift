internal import MusicAnalysis
internal import MusicCore

/// The similarity of samples to real music, feature by feature, with the similarity of other real music for comparison.
public struct SampleComparison: Hashable, Sendable, Codable {
  /// The feature.
  public var feature: TakeFeatures.Name
  /// Samples against the reference.
  public var samples: Agreement
  /// Training music against the reference, as many takes as there are samples or all that exist: the values that a
  /// perfect sampler would reach.
  public var training: Agreement
  /// One random half of the reference's pieces against the other, averaged over several splits. Small halves are less
  /// similar than large sets.
  public var halves: Agreement

  /// The similarity of two sets in a feature, by the method of Yang & Lerch (2020).
  public struct Agreement: Hashable, Sendable, Codable {
    /// The overlap of the densities of intra-set distances and inter-set distances, 0…1; nil if takes do not differ.
    public var overlapArea: Double?
    /// The KL divergence of intra-set distances from inter-set distances, in nats; nil if undefined or infinite.
    public var divergenceNats: Double?
    /// The mean distance between takes of the first set, and between takes of different sets.
    public var distanceWithin: Double?
    /// The mean distance between takes and real pieces.
    public var distanceBetween: Double?
  }

  /// Compares every feature; takes of fewer than two notes have no features and are left out.
  ///
  /// All takes should have the same length, since the histograms of short ones are noisier.
  ///
  /// - Complexity: O(n²) in the number of takes.
  /// - Parameters:
  ///   - training: takes of the training music, about as many as samples.
  ///   - reference: held-out music, one list of takes per piece, so that takes of a piece stay together when pieces are
  ///     split.
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

  /// The agreement of each feature, in the order of all names.
  private static func agreements(_ first: [TakeFeatures], _ second: [TakeFeatures]) -> [Agreement] {
    SetDifference.firstSides(first, second).map { side, meanDistance in
      Agreement(
        overlapArea: side.overlapArea, divergenceNats: side.divergenceNats, distanceWithin: side.meanDistance,
        distanceBetween: meanDistance)
    }
  }
}

extension SampleComparison.Agreement {
  /// The means of the values that are not nil.
  init(mean agreements: [Self]) {
    overlapArea = agreements.compactMap(\.overlapArea).mean
    divergenceNats = agreements.compactMap(\.divergenceNats).mean
    distanceWithin = agreements.compactMap(\.distanceWithin).mean
    distanceBetween = agreements.compactMap(\.distanceBetween).mean
  }
}
