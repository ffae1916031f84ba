internal import MusicCore

/// A feature space in which each feature is standardized by its mean and standard deviation over real music.
struct FeatureSpace {
  private let means: [Double]
  private let deviations: [Double]
  /// Standardized features are clipped to this many standard deviations.
  private static let limit = 4.0

  /// Standardizes by real music; features that are constant in it are left out.
  init(_ real: [ExcerptAnalysis]) {
    let columns = JudgeFeature.allCases.indices.map { index in real.map { $0.features[index] } }
    means = columns.map { $0.mean ?? 0 }
    deviations = columns.map { $0.standardDeviation ?? 0 }
  }

  /// An excerpt as a point of the space.
  struct Point {
    var piece: Int
    var place: [Double]

    func distance(to other: Point) -> Double {
      zip(place, other.place).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
  }

  func points(_ excerpts: [ExcerptAnalysis]) -> [Point] {
    excerpts.map { excerpt in
      let place = excerpt.features.enumerated().map { index, value in
        guard deviations[index] > 1e-9 else { return 0.0 }
        return max(-Self.limit, min(Self.limit, (value - means[index]) / deviations[index]))
      }
      return Point(piece: excerpt.piece, place: place)
    }
  }
}
