internal import Glibc

extension BarPattern {
  /// The similarity of neighboring bars, 0…1: one minus the mean share of steps that differ (groove consistency of
  /// Wu & Yang, ISMIR 2020). Nil with fewer than two bars of one length beside each other.
  var grooveConsistency: Double? {
    var (sum, count) = (0.0, 0)
    for (bar, next) in zip(bars, bars.dropFirst()) where bar.beats == next.beats {
      let different = zip(bar.struck, next.struck).count { $0 != $1 }
      sum += Double(different) / Double(bar.struck.count)
      count += 1
    }
    return count == 0 ? nil : 1 - sum / Double(count)
  }

  /// The length of the first of two swung halves of a beat over the second: 1 is straight, 2 a triplet feel. Nil with
  /// fewer than eight beats that are divided into two.
  ///
  /// A beat counts where one onset is struck on it, one between 0.4 and 0.8 of it, and none elsewhere in it (the
  /// beat-upbeat ratio of Friberg & Sundström, Music Perception 19, 2002). It is the median of them.
  var swingRatio: Double? {
    var ratios: [Double] = []
    for (index, position) in positions.enumerated() where abs(position - position.rounded()) < 0.08 {
      let beat = position.rounded()
      let inside = positions[(index + 1)...].prefix { $0 < beat + 0.92 }
      guard let offbeat = inside.first, inside.count == 1 else { continue }
      let phase = offbeat - beat
      if phase > 0.4, phase < 0.8 { ratios.append(phase / (1 - phase)) }
    }
    guard ratios.count >= 8 else { return nil }
    return ratios.sorted()[ratios.count / 2]
  }
}
