/// Precision, recall, density and coverage of two sets of points, by k-nearest-neighbor balls.
///
/// Points of the same piece are not neighbors of each other: excerpts of one piece are similar, and would make the
/// neighborhoods of real music smaller than those of takes.
struct Neighbors {
  /// Precision: the share of the second set within a neighborhood of the first (Kynkäänniemi et al., NeurIPS 2019).
  var precision: Double
  /// Recall: the share of the first set within a neighborhood of the second.
  var recall: Double
  /// Density: the mean number of neighborhoods of the first set that contain a point of the second, divided by k; less
  /// sensitive to outliers than precision (Naeem et al., ICML 2020). Above 1 if points concentrate in dense regions of
  /// the first set.
  var density: Double
  /// Coverage: the share of the first set whose neighborhoods contain a point of the second.
  var coverage: Double

  /// Nil if a set has too few points for `nearest` neighbors. O(n²).
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

  /// The distance to the k-th nearest point of another piece; nil if there are fewer.
  static func radius(_ point: FeatureSpace.Point, in points: [FeatureSpace.Point], _ nearest: Int) -> Double? {
    let distances = points.lazy.filter { $0.piece != point.piece }.map { $0.distance(to: point) }.sorted()
    return distances.count >= nearest ? distances[nearest - 1] : nil
  }
}
