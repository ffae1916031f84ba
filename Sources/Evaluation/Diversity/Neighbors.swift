/// How two sets of points lie in each other, by the distance to the k-th nearest point of their own set.
///
/// Points of one piece are no neighbors of each other: what stands in one piece is alike, and would make the neighborhoods
/// of real music narrower than those of takes.
struct Neighbors {
  /// The share of points of the second set that lie near one of the first: is what is made real? (Kynkäänniemi et al.,
  /// NeurIPS 2019)
  var precision: Double
  /// The share of points of the first set that lie near one of the second: is all that is real made?
  var recall: Double
  /// In how many neighborhoods of the first set a point of the second lies, over k: as precision, less moved by outliers
  /// (Naeem et al., ICML 2020). Beyond 1 where points crowd in the midst of the first set.
  var density: Double
  /// The share of points of the first set with one of the second among their nearest.
  var coverage: Double

  /// Nil where a set has too few points for `nearest` neighbors. O(n²).
  init?(_ first: [FeatureSpace.Point], _ second: [FeatureSpace.Point], nearest: Int) {
    let radii = first.map { Self.radius($0, in: first, nearest) }
    let otherRadii = second.map { Self.radius($0, in: second, nearest) }
    guard !first.isEmpty, !second.isEmpty, !radii.contains(nil), !otherRadii.contains(nil) else { return nil }
    var isReached = Array(repeating: false, count: first.count)
    var isCovered = isReached
    var (inside, pairs) = (0, 0)
    for (point, otherRadius) in zip(second, otherRadii) {
      var neighborhoods = 0
      for (index, center) in first.enumerated() {
        let distance = center.distance(to: point)
        if let radius = radii[index], distance <= radius {
          neighborhoods += 1
          isCovered[index] = true
        }
        if let otherRadius, distance <= otherRadius { isReached[index] = true }
      }
      if neighborhoods > 0 { inside += 1 }
      pairs += neighborhoods
    }
    precision = Double(inside) / Double(second.count)
    recall = Double(isReached.count(where: \.self)) / Double(first.count)
    density = Double(pairs) / Double(nearest * second.count)
    coverage = Double(isCovered.count(where: \.self)) / Double(first.count)
  }

  /// The distance to the k-th nearest point of another piece; nil where there are fewer.
  static func radius(_ point: FeatureSpace.Point, in points: [FeatureSpace.Point], _ nearest: Int) -> Double? {
    let distances = points.lazy.filter { $0.piece != point.piece }.map { $0.distance(to: point) }.sorted()
    return distances.count >= nearest ? distances[nearest - 1] : nil
  }
}
