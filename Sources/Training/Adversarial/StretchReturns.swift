package import ModelFormat

/// What a critic's logits are worth to the local stretches of a take, for a policy gradient.
package struct StretchReturns {
  /// How much the logit of a local stretch counts for the one before it.
  package var discount: Double
  /// How much each scale counts.
  package var weights: PerLevel<Double>

  package init(discount: Double, weights: PerLevel<Double>) {
    (self.discount, self.weights) = (discount, weights)
  }

  /// The return of each local stretch: the logits of the windows that begin in it or later, or that it is in, since it had
  /// a part in them. Each scale is a mean, so that all stretches of a take are judged by one measure.
  ///
  /// - Parameter logits: of the windows of each scale, in order; each local stretch is in one of each scale.
  package func callAsFunction(_ logits: PerLevel<[Double]>) -> [Double] {
    let count = logits.local.count
    return (0..<count).map { stretch in
      Configuration.Level.allCases.reduce(0) { sum, scale in
        let windows = logits[scale]
        // A coarser window counts by the stretches that it is made of.
        let length = max(1, count / max(1, windows.count))
        let decay = (0..<length).reduce(1.0) { product, _ in product * discount }
        return sum + weights[scale] * Self.discounted(windows.dropFirst(stretch / length), decay)
      }
    }
  }

  /// The mean of values, each counting `discount` times as much as the one before.
  private static func discounted(_ values: ArraySlice<Double>, _ discount: Double) -> Double {
    var (sum, total, weight) = (0.0, 0.0, 1.0)
    for value in values {
      sum += weight * value
      total += weight
      weight *= discount
    }
    return total > 0 ? sum / total : 0
  }

  /// Returns less a baseline that does not depend on the take itself, which leaves the expected gradient as it is: half the
  /// mean of the other takes of its group, half that of all others, stretch by stretch (Williams 1992; Kool 2019). Divided by the
  /// deviation of all of them.
  ///
  /// - Parameters:
  ///   - returns: of each take, equally many stretches.
  ///   - group: how many takes in a row went on from the same music.
  package static func advantages(_ returns: [[Double]], group: Int) -> [[Double]] {
    guard let count = returns.first?.count, returns.count > 1 else { return returns.map { $0.map { _ in 0 } } }
    let differences = returns.indices.map { take in
      (0..<count).map { stretch in
        let first = take / group * group
        let own = returns[take][stretch]
        func others(_ takes: Range<Int>) -> Double? {
          guard takes.count > 1 else { return nil }
          return (takes.reduce(0) { $0 + returns[$1][stretch] } - own) / Double(takes.count - 1)
        }
        let ofAll = others(returns.indices) ?? 0
        let ofGroup = others(first..<min(first + group, returns.count)) ?? ofAll
        return own - (ofGroup + ofAll) / 2
      }
    }
    let values = differences.joined()
    let mean = values.reduce(0, +) / Double(values.count)
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    return deviation > 1e-9 ? differences.map { $0.map { $0 / deviation } } : differences.map { $0.map { _ in 0 } }
  }
}
