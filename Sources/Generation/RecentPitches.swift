internal import Glibc
internal import MusicAnalysis

/// A decaying histogram of the pitch classes of recent notes, and the key that it implies.
package struct RecentPitches: Sendable {
  /// The decayed count of starts of each pitch class, C first; a start counts half after `halfLife`.
  package private(set) var counts = InlineArray<12, Float>(repeating: 0)

  /// The half-life in ticks of 1/64 s.
  static let halfLife: Float = 512
  /// The weight of a note as evidence of a key. Notes of a chord or a figure are not independent, so each counts less
  /// than one.
  private static let evidence: Float = 0.5

  mutating func start(_ pitch: Int) { counts[pitch % 12] += 1 }

  mutating func pass(_ ticks: Int) {
    let factor = exp2f(-Float(ticks) / Self.halfLife)
    for index in 0..<12 { counts[index] *= factor }
  }

  /// The expected probability of each pitch class, C first, in the current key: the mean of the keys' profiles,
  /// weighted by the posterior of the 24 keys (Temperley 2007, "Music and Probability", chapter 6), under a uniform
  /// prior.
  package var expected: InlineArray<12, Float> {
    var logits = InlineArray<24, Float>(repeating: 0)
    var best = -Float.infinity
    for key in 0..<24 {
      var sum: Float = 0
      for index in 0..<12 { sum += counts[index] * Self.logShares[key * 12 + index] }
      logits[key] = Self.evidence * sum
      best = max(best, logits[key])
    }
    var expected = InlineArray<12, Float>(repeating: 0)
    var total: Float = 0
    for key in 0..<24 {
      let weight = expf(logits[key] - best)
      total += weight
      for index in 0..<12 { expected[index] += weight * Self.shares[key * 12 + index] }
    }
    for index in 0..<12 { expected[index] /= total }
    return expected
  }

  private static let shares = KeyProfiles.temperleyKostkaPayne.shares.joined().map(Float.init)
  private static let logShares = shares.map(logf)
}
