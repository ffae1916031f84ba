package import MusicCore

/// The position of the beats: a linear map from quarter notes to the time of a session.
package struct Pulse: Hashable, Sendable {
  /// A point on the line: quarter notes from the start of the song, and seconds from the start of the session.
  package var quarters: Double
  package var seconds: Double
  /// Greater than zero.
  package var secondsPerQuarter: Double

  package init(quarters: Double, seconds: Double, secondsPerQuarter: Double) {
    (self.quarters, self.seconds, self.secondsPerQuarter) = (quarters, seconds, secondsPerQuarter)
  }

  package var quartersPerMinute: Double { 60 / secondsPerQuarter }

  package func quarters(atSecond second: Double) -> Double { quarters + (second - seconds) / secondsPerQuarter }

  package func second(ofQuarter quarter: Double) -> Double { seconds + (quarter - quarters) * secondsPerQuarter }

  package func quarters(at tick: Tick) -> Double { quarters(atSecond: tick.sessionSeconds) }

  package func tick(ofQuarter quarter: Double) -> Tick { Tick(ofSession: second(ofQuarter: quarter)) }

  /// The first tick at or after `tick` at which a unit of `unit` quarter notes begins.
  package func next(_ unit: Double, from tick: Tick) -> Tick {
    var index = (quarters(at: tick) / unit).rounded()
    // The nearest unit may begin before the tick.
    while self.tick(ofQuarter: index * unit) < tick { index += 1 }
    return self.tick(ofQuarter: index * unit)
  }
}

extension Meter {
  /// The length of a bar in quarter notes: 3 in 6/8.
  package var quartersPerBar: Double { Double(4 * numerator) / Double(denominator) }

  /// A meter such as `4/4` or `6/8`; nil for other text.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let numerator = Int(parts[0]), let denominator = Int(parts[1]),
      (1...32).contains(numerator), [1, 2, 4, 8, 16, 32].contains(denominator)
    else { return nil }
    self.init(numerator: numerator, denominator: denominator)
  }
}
