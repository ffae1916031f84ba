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
      SetDifference(name, first.compactMap { $0.values[name] }, second.compactMap { $0.values[name] })
    }
  }

  private init(_ name: Feature, _ a: [[Double]], _ b: [[Double]]) {
    feature = name
    let between = a.flatMap { x in b.map { Self.distance(x, $0) } }
    let density = DensityEstimate(between)
    meanDistance = Self.mean(between)
    first = Side(a, between: density)
    second = Side(b, between: density)
  }

  fileprivate static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  fileprivate static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

extension SetDifference.Side {
  fileprivate init(_ pieces: [[Double]], between: DensityEstimate?) {
    var within: [Double] = []
    for (index, piece) in pieces.enumerated() {
      for (other, values) in pieces.enumerated() where other != index {
        within.append(SetDifference.distance(piece, values))
      }
    }
    meanDistance = SetDifference.mean(within)
    if let density = DensityEstimate(within), let between {
      overlapArea = density.overlapArea(between)
      divergenceNats = density.divergence(from: between)
    }
    guard let width = pieces.first?.count, width == 1 else { return }
    let values = pieces.map { $0[0] }
    mean = SetDifference.mean(values)
    if let mean, values.count > 1 {
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      standardDeviation = (squares / Double(values.count - 1)).squareRoot()
    }
  }
}
