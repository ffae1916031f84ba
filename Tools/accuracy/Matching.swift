/// Estimated positions compared with those of a reference; both are sorted.
enum Matching {
  /// Which estimates are paired with a reference in a maximum matching within a tolerance. In one dimension, greedily
  /// matching the earliest positions within the tolerance gives a maximum matching.
  static func hits(_ reference: [Double], _ estimate: [Double], within tolerance: Double) -> [Bool] {
    var hits = estimate.map { _ in false }
    var (i, j) = (0, 0)
    while i < reference.count, j < estimate.count {
      if abs(reference[i] - estimate[j]) <= tolerance {
        hits[j] = true
        (i, j) = (i + 1, j + 1)
      } else if reference[i] < estimate[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return hits
  }
}
