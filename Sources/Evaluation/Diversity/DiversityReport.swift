internal import MusicCore

/// How well takes cover real music, and how different they are from each other.
public struct DiversityReport: Hashable, Sendable, Codable {
  /// The number of nearest neighbors that define a neighborhood.
  public static let nearest = 5

  /// The number of neighbors that define a neighborhood.
  public var neighbors: Int
  /// Takes against held-out music.
  public var takes: Agreement?
  /// Training music against held-out music.
  public var training: Agreement?
  /// Halves of the held-out pieces against each other, averaged over several splits.
  public var halves: Agreement?

  /// How a set is distributed relative to real music.
  public struct Agreement: Hashable, Sendable, Codable {
    /// The share of the set within the neighborhood of real music.
    public var precision: Double
    /// The share of real music within the neighborhood of the set.
    public var recall: Double
    /// Density: how many neighborhoods of real excerpts contain a take, relative to the expected number.
    public var density: Double
    /// The share of real excerpts that have an element of the set nearer than their fifth nearest neighbor.
    public var coverage: Double
    /// The share of the set whose nearest neighbor in the set is at least as far away as the 5th percentile of
    /// nearest-neighbor distances between real pieces.
    public var distinct: Double
  }

  /// Measures takes against real music.
  public init(_ sets: ExcerptSets) {
    neighbors = Self.nearest
    takes = Self.agreement(sets.takes, real: sets.real)
    training = sets.training.flatMap { Self.agreement($0, real: sets.real) }
    let agreements = sets.halves.compactMap { Self.agreement($0.second, real: $0.first) }
    halves = agreements.isEmpty ? nil : Agreement(mean: agreements)
  }

  private static func agreement(_ set: [ExcerptAnalysis], real: [ExcerptAnalysis]) -> Agreement? {
    let space = FeatureSpace(real)
    let (points, others) = (space.points(set), space.points(real))
    guard let neighbors = Neighbors(others, points, nearest: nearest) else { return nil }
    func nearestDistances(_ points: [FeatureSpace.Point]) -> [Double] {
      points.compactMap { Neighbors.radius($0, in: points, 1) }
    }
    let usual = nearestDistances(others).sorted().quantile(0.05) ?? 0
    let distances = nearestDistances(points)
    return Agreement(
      precision: neighbors.precision, recall: neighbors.recall, density: neighbors.density,
      coverage: neighbors.coverage,
      distinct: distances.map { $0 > 0 && $0 >= usual ? 1 : 0 }.mean ?? 0)
  }
}

extension DiversityReport.Agreement {
  /// The means of at least one agreement.
  fileprivate init(mean agreements: [Self]) {
    func mean(_ figure: KeyPath<Self, Double>) -> Double { agreements.map { $0[keyPath: figure] }.mean ?? 0 }
    self.init(
      precision: mean(\.precision), recall: mean(\.recall), density: mean(\.density), coverage: mean(\.coverage),
      distinct: mean(\.distinct))
  }
}
