public import MusicCore

/// The number of times that each interval class 1…6 occurs between the members of a pitch-class set (Forte 1973).
public struct IntervalVector: Hashable, Sendable {
  private var counts = SIMD8<UInt8>()

  /// The vector of a set of pitch classes.
  public init(_ pitchClasses: PitchClassSet) {
    for interval in 1...6 {
      let common = pitchClasses.intersection(pitchClasses.transposed(by: interval))
      // A tritone is counted from both of its pitch classes.
      counts[interval - 1] = UInt8(common.count / (interval == 6 ? 2 : 1))
    }
  }

  /// The number of times that an interval class of 1…6 semitones occurs.
  public subscript(interval: Int) -> Int { Int(counts[interval - 1]) }

  /// The mean dissonance of the intervals, −1.24 (fifths) … 1.428 (semitones): their negated `IntervalClass.consonances`.
  /// Zero if there is no interval.
  public var dissonance: Double {
    var (sum, count) = (0.0, 0)
    for interval in 1...6 {
      sum -= IntervalClass.consonances[interval - 1] * Double(self[interval])
      count += self[interval]
    }
    return count == 0 ? 0 : sum / Double(count)
  }
}
