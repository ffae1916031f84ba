internal import Foundation
package import MusicCore

/// The share of each pitch class among note starts.
package struct PitchClassDistribution: Hashable, Sendable {
  /// C first; all zero without notes.
  package private(set) var shares = [Double](repeating: 0, count: 12)

  package init(_ pitches: [Pitch]) {
    for pitch in pitches { shares[pitch.pitchClass.rawValue] += 1 / Double(pitches.count) }
  }

  /// The Jensen–Shannon divergence (Lin 1991) in bits: 0 for equal distributions, 1 for those without a common pitch
  /// class; 0 if either is of no notes.
  package func divergence(from other: PitchClassDistribution) -> Double {
    guard shares.contains(where: { $0 > 0 }), other.shares.contains(where: { $0 > 0 }) else { return 0 }
    var sum = 0.0
    for (own, theirs) in zip(shares, other.shares) {
      for share in [own, theirs] where share > 0 { sum += share * log2(2 * share / (own + theirs)) }
    }
    // Rounding.
    return max(0, sum / 2)
  }
}
