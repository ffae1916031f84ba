internal import Glibc
internal import MusicCore

/// The spiral array (Chew 2000): a helix on which neighboring pitches are a fifth apart, with chords and keys inside
/// it at weighted centers of their members. Constants and key definitions are those of Herremans & Chew 2016,
/// "Tension ribbons".
package enum SpiralArray {
  package typealias Point = SIMD3<Double>

  private static let rise = 0.4
  private static let radius = 1.0
  /// The weights of root, fifth and third in a chord, and of tonic, dominant and subdominant in a key.
  private static let weights = [0.536, 0.274, 0.19]
  /// The weight of the major dominant and of the minor subdominant in a minor key; the rest is that of the other mode.
  private static let usualModeShare = 0.75

  /// The position of a pitch `fifths` above C on the line of fifths.
  package static func pitch(_ fifths: Int) -> Point {
    // The exact sines and cosines of quarter turns.
    let turns: [(Double, Double)] = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    let (x, y) = turns[(fifths % 4 + 4) % 4]
    return Point(radius * x, radius * y, rise * Double(fifths))
  }

  private static func triad(_ root: Int, isMinor: Bool) -> Point {
    weights[0] * pitch(root) + weights[1] * pitch(root + 1) + weights[2] * pitch(root + (isMinor ? -3 : 4))
  }

  /// The center of a key whose tonic is `tonic` fifths above C.
  package static func key(_ tonic: Int, isMinor: Bool) -> Point {
    let tonicTriad = triad(tonic, isMinor: isMinor)
    guard isMinor else {
      return weights[0] * tonicTriad + weights[1] * triad(tonic + 1, isMinor: false)
        + weights[2] * triad(tonic - 1, isMinor: false)
    }
    let share = usualModeShare
    let dominant = share * triad(tonic + 1, isMinor: false) + (1 - share) * triad(tonic + 1, isMinor: true)
    let subdominant = share * triad(tonic - 1, isMinor: true) + (1 - share) * triad(tonic - 1, isMinor: false)
    return weights[0] * tonicTriad + weights[1] * dominant + weights[2] * subdominant
  }

  package static func distance(_ a: Point, _ b: Point) -> Double { ((a - b) * (a - b)).sum().squareRoot() }
}
