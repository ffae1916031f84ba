internal import MusicCore

/// Summary statistics of numbers.
public struct Quantiles: Hashable, Sendable, Codable {
  /// The mean.
  public var mean: Double
  /// The median.
  public var median: Double
  /// The 95th percentile.
  public var percentile95: Double
  /// The largest value.
  public var largest: Double

  /// Nil if there are no numbers.
  public init?(_ numbers: [Double]) {
    let sorted = numbers.sorted()
    guard let mean = sorted.mean, let median = sorted.quantile(0.5), let high = sorted.quantile(0.95),
      let largest = sorted.last
    else { return nil }
    self.mean = mean
    self.median = median
    percentile95 = high
    self.largest = largest
  }
}

extension [Double] {
  /// The quantile of sorted numbers, linearly interpolated (Hyndman & Fan 1996, type 7).
  package func quantile(_ share: Double) -> Double? {
    guard !isEmpty else { return nil }
    let position = share * Double(count - 1)
    let index = Int(position)
    let next = Swift.min(index + 1, count - 1)
    return self[index] + (position - Double(index)) * (self[next] - self[index])
  }
}
