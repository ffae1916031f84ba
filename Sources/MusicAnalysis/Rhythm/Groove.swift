internal import Glibc

extension BarPattern {
  /// The groove consistency (Wu & Yang, ISMIR 2020), 0…1: one minus the mean share of steps at which neighboring bars differ.
  /// Nil if no two neighboring bars have the same length.
  var grooveConsistency: Double? {
    var (sum, count) = (0.0, 0)
    for (bar, next) in zip(bars, bars.dropFirst()) where bar.beats == next.beats {
      let different = zip(bar.struck, next.struck).count { $0 != $1 }
      sum += Double(different) / Double(bar.struck.count)
      count += 1
    }
    return count == 0 ? nil : 1 - sum / Double(count)
  }

  /// The swing ratio: the median ratio of the duration of the first eighth note of a beat to the second; 1 is straight, 2 a
  /// triplet feel. Nil if fewer than eight beats are divided into two.
  ///
  /// A beat is divided into two if it has one onset at its start, one between 0.4 and 0.8 of it, and no other (the
  /// beat-upbeat ratio of Friberg & Sundström, Music Perception 19, 2002).
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
