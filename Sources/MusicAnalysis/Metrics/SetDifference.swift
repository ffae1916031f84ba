internal import MusicCore

/// What sets of music are compared by: some numbers of each of several features.
public protocol FeatureSet: Sendable {
  associatedtype Name: Hashable & CaseIterable & Codable & Sendable
  /// The numbers of each feature, as many in every piece.
  var values: [Name: [Double]] { get }
}

/// How two sets of music differ in one feature, by the distances between their pieces (Yang & Lerch 2020).
///
/// Distances are Euclidean. Within a set each piece is compared with all others, between sets with all of the other; two
/// sets of the same kind have distributions that overlap wholly, and no divergence.
public struct SetDifference<Feature: Hashable & Codable & Sendable>: Hashable, Sendable, Codable {
  /// One of the two sets.
  public struct Side: Hashable, Sendable, Codable {
    /// Of features with one number only.
    public var mean: Double?
    /// The standard deviation over the pieces of the set.
    public var standardDeviation: Double?
    /// The mean distance between pieces of this set.
    public var meanDistance: Double?
    /// Of the distances within this set and those between the sets, 0…1; nil where the pieces do not differ.
    public var overlapArea: Double?
    /// From the distances between the sets, in nats.
    public var divergenceNats: Double?
  }

  /// The feature that is compared.
  public var feature: Feature
  /// The first set.
  public var first: Side
  /// The second set.
  public var second: Side
  /// The mean distance between pieces of different sets.
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

  /// The first side of the differences in every feature, and the mean distance between the sets; `all` without the
  /// distances within the second set.
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
    // Each distance is that of two ordered pairs.
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

/// A feature of a set of pieces as points, one after the other.
private struct FeaturePoints {
  /// The numbers of each piece.
  let width: Int
  let values: [Double]

  var count: Int { width > 0 ? values.count / width : 0 }

  init<Features: FeatureSet>(_ pieces: [Features], _ name: Features.Name) {
    let points = pieces.compactMap { $0.values[name] }
    width = points.first?.count ?? 0
    values = points.flatMap(\.self)
  }

  /// The Euclidean distances from each point to each of another set.
  func distances(to other: Self) -> [Double] {
    (0..<count).flatMap { point in (0..<other.count).map { distance(point, other, $0) } }
  }

  /// The Euclidean distances between the points, one for each unordered pair.
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
