internal import Glibc
internal import MusicCore

extension LocalKeys {
  /// The distances between keys: fifths between their key signatures plus half a fifth for a change of mode, with a
  /// separate, smaller distance of the parallel key.
  static func distances(parallel: Double) -> [[Double]] {
    (0..<Key.count).map { from in (0..<Key.count).map { to in distance(from, to, parallel: parallel) } }
  }

  private static func distance(_ from: Int, _ to: Int, parallel: Double) -> Double {
    let (a, b) = (Key(index: from), Key(index: to))
    if a.tonic == b.tonic { return a.isMinor == b.isMinor ? 0 : parallel }
    let around = (a.signature - b.signature + 12) % 12
    return Double(min(around, 12 - around)) + (a.isMinor == b.isMinor ? 0 : 0.5)
  }

  /// The log ratios of the probability of each scale degree in a major and a minor key to chance.
  static let degreeLogs = degrees.map { $0.map { log($0 * 12) } }

  /// The log ratios of chords, by family of quality.
  static let chordLogs = chords.map { $0.map { $0.map { log(max($0, 0.0005) * 36) } } }

  /// The log ratios of chords by mode, degree and quality, from `ChordModel.share`.
  static let qualityLogs = (0..<24).flatMap { row in
    ChordQuality.allCases.map { log(max(ChordModel.share(of: $0, degree: row % 12, isMinor: row >= 12), 0.2) * 1.08) }
  }

  // Frequencies in POP909-CL, in the preludes and fugues of Chopin and Shostakovich, and in Mutopia scores.
  private static let degrees = [
    [0.194, 0.009, 0.125, 0.009, 0.151, 0.087, 0.011, 0.191, 0.012, 0.121, 0.011, 0.080],
    [0.196, 0.005, 0.101, 0.155, 0.007, 0.119, 0.003, 0.195, 0.072, 0.009, 0.119, 0.018],
  ]

  private static let chords = [
    [
      [0.274, 0.006, 0.022, 0.006, 0.013, 0.130, 0.003, 0.197, 0.009, 0.010, 0.009, 0.004],
      [0.004, 0.001, 0.064, 0.001, 0.062, 0.007, 0.001, 0.004, 0.001, 0.114, 0.002, 0.002],
      [0.016, 0.002, 0.003, 0.001, 0.001, 0.005, 0.003, 0.017, 0.001, 0.003, 0.001, 0.002],
    ],
    [
      [0.021, 0.005, 0.006, 0.095, 0.001, 0.019, 0.001, 0.067, 0.114, 0.001, 0.146, 0.001],
      [0.291, 0.000, 0.002, 0.001, 0.002, 0.094, 0.000, 0.084, 0.001, 0.002, 0.002, 0.000],
      [0.015, 0.001, 0.006, 0.002, 0.002, 0.002, 0.001, 0.003, 0.002, 0.005, 0.004, 0.002],
    ],
  ]
}
