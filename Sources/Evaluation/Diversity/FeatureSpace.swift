/// Excerpts as points, each feature in standard deviations of real music, so that distances mean something.
struct FeatureSpace {
  private let means: [Double]
  private let deviations: [Double]
  /// Beyond so many standard deviations a feature says no more.
  private static let limit = 4.0

  /// The space of real music; features that are the same in all of it are left out.
  init(_ real: [ExcerptAnalysis]) {
    let columns = JudgeFeature.allCases.indices.map { index in real.map { $0.features[index] } }
    means = columns.map { $0.mean ?? 0 }
    deviations = columns.map { $0.deviation ?? 0 }
  }

  /// An excerpt in the space.
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
