internal import MusicCore

/// The note values that onsets are moved to.
package enum Grid: Hashable, Sendable {
  case off
  /// Sixteenths, or eighth-note triplets if those are nearer to what the human plays.
  case auto
  /// This number of units per quarter note.
  case fixed(Int)

  /// The names of note values, and how many of each make a quarter note.
  package static let values = ["4": 1, "8": 2, "8t": 3, "16": 4, "16t": 6, "32": 8]

  /// The number of units per quarter note; nil if nothing is to be moved.
  func unitsPerQuarter(of call: Call, _ pulse: Pulse) -> Int? {
    switch self {
    case .off: return nil
    case .fixed(let units): return units
    case .auto:
      let onsets = call.strikes.map { pulse.quarters(at: $0.tick) }
      guard !onsets.isEmpty else { return 4 }
      func distance(_ units: Double) -> Double {
        onsets.reduce(0) { $0 + abs($1 * units - ($1 * units).rounded()) } / Double(onsets.count)
      }
      return distance(3) < 0.8 * distance(4) ? 3 : 4
    }
  }
}
