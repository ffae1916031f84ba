/// A distribution of times in bins of 0.05 ms: a long session needs no more memory than a short one.
package struct TimeHistogram: Sendable {
  private var counts = [Int](repeating: 0, count: 4000)
  package private(set) var count = 0
  package private(set) var maximum = 0.0
  private static let binsPerMillisecond = 20.0

  package init() {}

  /// Adds a time in milliseconds; times from 0.2 s on share a bin, and negative ones count as 0.
  package mutating func add(_ milliseconds: Double) {
    let bin = min(Double(counts.count - 1), max(0, milliseconds) * Self.binsPerMillisecond)
    counts[Int(bin)] += 1
    count += 1
    maximum = max(maximum, milliseconds)
  }

  /// The upper edge of the bin of a quantile, in milliseconds; at most the maximum.
  package func quantile(_ share: Double) -> Double {
    let rank = share * Double(count)
    var below = 0
    for (bin, count) in counts.enumerated() where count > 0 {
      below += count
      if Double(below) >= rank, bin < counts.count - 1 {
        return min(maximum, Double(bin + 1) / Self.binsPerMillisecond)
      }
    }
    return maximum
  }
}
