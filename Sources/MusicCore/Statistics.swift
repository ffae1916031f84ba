extension [Double] {
  /// The mean; nil if empty.
  package var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }

  /// The population standard deviation; nil if empty.
  package var standardDeviation: Double? {
    guard let mean else { return nil }
    return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
  }
}
