internal import Glibc
internal import MusicAnalysis

/// A decaying histogram of the pitch classes of recent notes, one of all notes, and the key that they imply.
package struct RecentPitches: Sendable {
  /// The decayed count of starts of each pitch class, C first; a start counts half after `halfLife`.
  package private(set) var counts = InlineArray<12, Float>(repeating: 0)
  /// The count of all starts of each pitch class.
  private var allCounts = InlineArray<12, Float>(repeating: 0)

  /// The half-life in ticks of 1/64 s.
  static let halfLife: Float = 512
  /// All notes together count as at most this many recent ones, so that music that leaves its key returns to it: about as
  /// many as the recent ones of music of medium density.
  private static let homeNotes: Float = 100
  /// The weight of a note as evidence of a key. Notes of a chord or a figure are not independent, so each counts less
  /// than one.
  private static let evidence: Float = 0.5

  mutating func start(_ pitch: Int) {
    counts[pitch % 12] += 1
    allCounts[pitch % 12] += 1
  }

  mutating func pass(_ ticks: Int) {
    let factor = exp2f(-Float(ticks) / Self.halfLife)
    for index in 0..<12 { counts[index] *= factor }
  }

  /// The posterior of the 24 keys, in the order of `Key.index`, under a uniform prior (Temperley 2007, "Music and
  /// Probability", chapter 6).
  package var keys: InlineArray<24, Float> {
    var total: Float = 0
    for index in 0..<12 { total += allCounts[index] }
    let home = min(1, Self.homeNotes / max(1, total))
    var keys = InlineArray<24, Float>(repeating: 0)
    var best = -Float.infinity
    for key in 0..<24 {
      var sum: Float = 0
      for index in 0..<12 { sum += (counts[index] + home * allCounts[index]) * Self.logShares[key * 12 + index] }
      keys[key] = Self.evidence * sum
      best = max(best, keys[key])
    }
    var sum: Float = 0
    for key in 0..<24 {
      keys[key] = expf(keys[key] - best)
      sum += keys[key]
    }
    for key in 0..<24 { keys[key] /= sum }
    return keys
  }

  /// The expected probability of each pitch class, C first, in the current key: the mean of the keys' profiles, weighted by
  /// the posterior.
  package var expected: InlineArray<12, Float> {
    let keys = keys
    var expected = InlineArray<12, Float>(repeating: 0)
    for key in 0..<24 {
      for index in 0..<12 { expected[index] += keys[key] * Self.shares[key * 12 + index] }
    }
    return expected
  }

  private static let shares = KeyProfiles.temperleyKostkaPayne.shares.joined().map(Float.init)
  private static let logShares = shares.map(logf)
}
