internal import Glibc

extension LocalKeys {
  /// What a half beat of a pitch class and of a chord count. Less than 1, because neighbouring beats are not
  /// independent; chosen with the cost of a change on the key changes of POP909-CL.
  static let pitchClassWeight = 0.2
  static let chordWeight = 0.05

  /// Log weights of a change of key by distance on the circle of fifths; a change of mode adds half a fifth.
  static let changes: [[Double]] = (0..<Key.count).map { from in
    (0..<Key.count).map { to in
      if from == to { return 0 }
      let (a, b) = (Key(index: from), Key(index: to))
      let around = (a.signature - b.signature + 12) % 12
      return -12 - 1.5 * (Double(min(around, 12 - around)) + (a.isMinor == b.isMinor ? 0 : 0.5))
    }
  }

  static let changeWeights = changes.map { $0.map { exp($0) } }

  /// How much likelier each degree is in a major and a minor key than at random, as logarithms.
  static let degreeLogs = degrees.map { $0.map { log($0 * 12) } }

  /// The same of chords, by family of quality.
  static let chordLogs = chords.map { $0.map { $0.map { log(max($0, 0.0005) * 36) } } }

  // Frequencies in the same pieces that the weights of `KeyEvidence` are fitted to.
  private static let degrees = [
    [0.192, 0.008, 0.125, 0.009, 0.150, 0.088, 0.012, 0.189, 0.012, 0.121, 0.012, 0.082],
    [0.194, 0.006, 0.102, 0.151, 0.010, 0.119, 0.005, 0.192, 0.073, 0.012, 0.117, 0.020],
  ]

  private static let chords = [
    [
      [0.275, 0.005, 0.026, 0.005, 0.014, 0.127, 0.003, 0.201, 0.008, 0.010, 0.008, 0.004],
      [0.004, 0.001, 0.061, 0.001, 0.059, 0.006, 0.001, 0.004, 0.001, 0.111, 0.002, 0.002],
      [0.015, 0.005, 0.004, 0.002, 0.002, 0.004, 0.003, 0.017, 0.002, 0.003, 0.001, 0.005],
    ],
    [
      [0.028, 0.005, 0.009, 0.095, 0.001, 0.022, 0.000, 0.075, 0.111, 0.001, 0.140, 0.000],
      [0.276, 0.000, 0.002, 0.001, 0.002, 0.091, 0.000, 0.080, 0.001, 0.002, 0.003, 0.000],
      [0.015, 0.001, 0.008, 0.002, 0.002, 0.002, 0.001, 0.004, 0.002, 0.010, 0.003, 0.005],
    ],
  ]
}
