/// The range of tempo ratios at which one note sequence can be the same music as another.
struct TimeScale {
  private var low = 0.5
  private var high = 2.0

  /// The middle of the range.
  var value: Double { (low + high) / 2 }

  /// Restricts the range to the ratios at which an interval of `other` ticks becomes `ticks`, given that onsets are
  /// rounded to ticks. Returns false, and changes nothing, if none remains.
  mutating func narrow(_ ticks: Int32, from other: Int32) -> Bool {
    let low = max(low, Double(ticks - 1) / Double(other + 1))
    let high = other > 1 ? min(high, Double(ticks + 1) / Double(other - 1)) : high
    guard low <= high else { return false }
    (self.low, self.high) = (low, high)
    return true
  }
}
