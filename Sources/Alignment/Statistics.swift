extension [Double] {
  /// Nil of no numbers.
  var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }

  /// That of the population; nil of no numbers.
  var standardDeviation: Double? {
    guard let mean else { return nil }
    return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
  }
}
