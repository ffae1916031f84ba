package import MusicAnalysis
internal import MusicCore

/// The strength of the metrical periodicity of onsets, whichever level is the beat (autocorrelation of onsets, Brown,
/// JASA 94, 1993).
package enum MeterStrength {
  private static let binsPerSecond = 32.0
  /// Periods in bins: 0.25 to 2 s.
  private static let periods = 8...64
  /// Onsets one bin (31 ms) off the period count half, since human timing is no more exact than that.
  private static let kernel = [0.5, 1, 0.5]

  /// The highest autocorrelation at these periods, corrected for the shorter overlap at longer lags, at most 1; nil
  /// with fewer than four chords or less than four seconds. A chord is weighted by its number of notes. O(n) in the
  /// length.
  package static func strength(of chords: [[PlayedNote]]) -> Double? {
    guard chords.count >= 4, let last = chords.last?.first else { return nil }
    let count = Int(last.onset.rawValue * binsPerSecond) + 2
    guard count > 2 * periods.upperBound else { return nil }
    var onsets = Array(repeating: 0.0, count: count)
    for chord in chords {
      let bin = Int((chord[0].onset.rawValue * binsPerSecond).rounded(.down))
      for (offset, weight) in kernel.enumerated() where onsets.indices.contains(bin + offset - 1) {
        onsets[bin + offset - 1] += weight * Double(chord.count)
      }
    }
    let mean = onsets.reduce(0, +) / Double(count)
    for bin in onsets.indices { onsets[bin] -= mean }
    let power = onsets.reduce(0) { $0 + $1 * $1 }
    guard power > 0 else { return nil }
    let correlations = periods.map { lag in
      let product = (lag..<count).reduce(0) { $0 + onsets[$1] * onsets[$1 - lag] }
      return product / power * Double(count) / Double(count - lag)
    }
    return correlations.max().map { min(1, $0) }
  }
}
