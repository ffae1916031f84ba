package import ModelFormat

/// The returns of the local stretches of a take, from a critic's logits, for a policy gradient.
package struct StretchReturns {
  /// The discount factor from one local stretch to the one before it.
  package var discount: Double
  /// The weight of each scale.
  package var weights: PerLevel<Double>

  package init(discount: Double, weights: PerLevel<Double>) {
    (self.discount, self.weights) = (discount, weights)
  }

  /// The return of each local stretch: the discounted mean, for each scale, of the logits of the window that contains
  /// it and of later ones. Means make the returns of all stretches of a take comparable.
  ///
  /// - Parameter logits: the logits of the windows of each scale, in order; each local stretch lies in one window of
  ///   each scale.
  package func callAsFunction(_ logits: PerLevel<[Double]>) -> [Double] {
    let count = logits.local.count
    return (0..<count).map { stretch in
      Configuration.Level.allCases.reduce(0) { sum, scale in
        let windows = logits[scale]
        // A coarser window is weighted by the number of its stretches.
        let length = max(1, count / max(1, windows.count))
        let decay = (0..<length).reduce(1.0) { product, _ in product * discount }
        return sum + weights[scale] * Self.discounted(windows.dropFirst(stretch / length), decay)
      }
    }
  }

  /// The weighted mean of values, with weights that decrease by the factor `discount`.
  private static func discounted(_ values: ArraySlice<Double>, _ discount: Double) -> Double {
    var (sum, total, weight) = (0.0, 0.0, 1.0)
    for value in values {
      sum += weight * value
      total += weight
      weight *= discount
    }
    return total > 0 ? sum / total : 0
  }

  /// Returns minus what the rewards before a stretch predict of them, so that a stretch is not rewarded for the music that it
  /// continues (a baseline that depends on the past only, which leaves the expected gradient unchanged).
  ///
  /// The prediction is linear in the discounted mean of the earlier rewards; its slope, the same for all stretches, is found
  /// by least squares over all takes.
  ///
  /// - Parameters:
  ///   - returns: the returns of each take, equally many stretches.
  ///   - rewards: the rewards of each stretch.
  ///   - discount: the discount factor from one stretch to the one after it.
  package static func unpredicted(
    _ returns: [[Double]], rewards: [[Double]], discount: Double
  ) -> [[Double]] {
    guard let count = returns.first?.count, count > 1 else { return returns }
    func centered(_ values: [Double]) -> [Double] {
      let mean = values.reduce(0, +) / Double(values.count)
      return values.map { $0 - mean }
    }
    let past = (1..<count).map { stretch in
      centered(rewards.map { discounted($0[..<stretch].reversed()[...], discount) })
    }
    let future = (1..<count).map { stretch in centered(returns.map { $0[stretch] }) }
    let products = zip(past.joined(), future.joined()).reduce(0) { $0 + $1.0 * $1.1 }
    let squares = past.joined().reduce(0) { $0 + $1 * $1 }
    guard squares > 1e-9 else { return returns }
    return returns.enumerated().map { take, values in
      values.enumerated().map { stretch, value in
        stretch == 0 ? value : value - products / squares * past[stretch - 1][take]
      }
    }
  }

  /// Advantages: returns minus a baseline that does not depend on the take itself, so that the expected gradient is
  /// unchanged: the average of the mean over the other takes of its group and the mean over all other takes, stretch by
  /// stretch (Williams 1992; Kool 2019). Divided by the standard deviation over all of them.
  ///
  /// - Parameters:
  ///   - returns: the returns of each take, equally many stretches.
  ///   - group: the number of consecutive takes that continue the same music.
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

  /// The indices of the `count` values that are farthest from the middle, half of them the lowest and half the highest, in
  /// rising order of value. A group's takes with extreme returns determine most of the policy gradient, so that only they need
  /// a backward pass (down-sampling of rollouts for the maximum variance of returns, Xu 2025).
  package static func extremes(_ values: [Double], count: Int) -> [Int] {
    let ranked = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    return Array(ranked.prefix(count / 2) + ranked.suffix(count - count / 2))
  }
}
