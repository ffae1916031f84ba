/// By how much the times between the onsets of one note sequence may be longer than those of another, for it to be the same
/// music at another tempo.
struct TimeScale {
  private var low = 0.5
  private var high = 2.0

  /// The middle of what may be.
  var value: Double { (low + high) / 2 }

  /// Leaves the scales at which `other` ticks between two onsets become `ticks`, where each onset is rounded to its tick.
  /// False, and nothing changed, where that leaves none.
  mutating func narrow(_ ticks: Int32, from other: Int32) -> Bool {
    let low = max(low, Double(ticks - 1) / Double(other + 1))
    let high = other > 1 ? min(high, Double(ticks + 1) / Double(other - 1)) : high
    guard low <= high else { return false }
    (self.low, self.high) = (low, high)
    return true
  }
}
