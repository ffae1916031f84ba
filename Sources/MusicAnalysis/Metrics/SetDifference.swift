internal import MusicCore

/// The features of a piece by which sets of music are compared; a feature has one or more values.
public protocol FeatureSet: Sendable {
  associatedtype Name: Hashable & CaseIterable & Codable & Sendable
  /// The values of each feature, the same number in every piece.
  var values: [Name: [Double]] { get }
}

/// The difference of two sets of music in one feature, by the distances between their pieces (Yang & Lerch 2020).
///
/// Intra-set distances are the Euclidean distances of all pairs of pieces within a set, inter-set distances those of all
/// pairs between the sets. If both sets come from the same distribution, the distributions of the distances overlap
/// completely and have no divergence.
public struct SetDifference<Feature: Hashable & Codable & Sendable>: Hashable, Sendable, Codable {
  /// One of the two sets.
  public struct Side: Hashable, Sendable, Codable {
    /// The mean of the feature; nil if it has several values.
    public var mean: Double?
    /// The sample standard deviation of the feature; nil if it has several values.
    public var standardDeviation: Double?
    /// The mean intra-set distance.
    public var meanDistance: Double?
    /// The overlapping area of the densities of intra-set and inter-set distances, 0…1; nil if all distances are equal.
    public var overlapArea: Double?
    /// The Kullback–Leibler divergence of the intra-set distances from the inter-set distances, in nats.
    public var divergenceNats: Double?
  }

  /// The feature that is compared.
  public var feature: Feature
  /// The first set.
  public var first: Side
  /// The second set.
  public var second: Side
  /// The mean inter-set distance.
  public var meanDistance: Double?

  /// The differences in every feature. O(n²) in pieces.
  public static func all<Features: FeatureSet>(_ first: [Features], _ second: [Features]) -> [SetDifference]
  where Features.Name == Feature {
    Features.Name.allCases.map { name in
      let (a, b) = (FeaturePoints(first, name), FeaturePoints(second, name))
      let distances = a.distances(to: b).sorted()
      let between = DensityEstimate(sorted: distances)
      return SetDifference(
        feature: name, first: Side(a, between: between), second: Side(b, between: between),
        meanDistance: distances.mean)
    }
  }

  /// The first side of the differences in every feature and the mean inter-set distance: `all` without the intra-set
  /// distances of the second set.
  package static func firstSides<Features: FeatureSet>(
    _ first: [Features], _ second: [Features]
  ) -> [(side: Side, meanDistance: Double?)]
  where Features.Name == Feature {
    Features.Name.allCases.map { name in
      let points = FeaturePoints(first, name)
      let distances = points.distances(to: FeaturePoints(second, name)).sorted()
      return (Side(points, between: DensityEstimate(sorted: distances)), distances.mean)
    }
  }
}

extension SetDifference.Side {
  fileprivate init(_ points: FeaturePoints, between: DensityEstimate?) {
    let within = points.distancesWithin().sorted()
    meanDistance = within.mean
    // Both orders of each pair count.
    if let density = DensityEstimate(sorted: within.flatMap { [$0, $0] }), let between {
      overlapArea = density.overlapArea(between)
      divergenceNats = density.divergence(from: between)
    }
    guard points.width == 1 else { return }
    mean = points.values.mean
    if let mean, points.count > 1 {
      let squares = points.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      standardDeviation = (squares / Double(points.count - 1)).squareRoot()
    }
  }
}

/// The values of a feature of a set of pieces as points.
private struct FeaturePoints {
  /// The number of values per piece.
  let width: Int
  let values: [Double]

  var count: Int { width > 0 ? values.count / width : 0 }

  init<Features: FeatureSet>(_ pieces: [Features], _ name: Features.Name) {
    let points = pieces.compactMap { $0.values[name] }
    width = points.first?.count ?? 0
    values = points.flatMap(\.self)
  }

  /// The Euclidean distances of all pairs with a point of another set.
  func distances(to other: Self) -> [Double] {
    (0..<count).flatMap { point in (0..<other.count).map { distance(point, other, $0) } }
  }

  /// The Euclidean distances of all unordered pairs of points.
  func distancesWithin() -> [Double] {
    (0..<count).flatMap { point in (0..<point).map { distance(point, self, $0) } }
  }

  private func distance(_ point: Int, _ other: Self, _ otherPoint: Int) -> Double {
    var sum = 0.0
    for index in 0..<width {
      let difference = values[point * width + index] - other.values[otherPoint * width + index]
      sum += difference * difference
    }
    return sum.squareRoot()
  }
}
