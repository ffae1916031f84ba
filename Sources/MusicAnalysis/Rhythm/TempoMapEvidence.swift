internal import Glibc
internal import MusicCore

/// Tests whether the onsets of a score are aligned with the beats of its tempo map.
///
/// In a performance recorded without a click, onsets have uniform phases; in notated music, or with a click, they are at
/// simple fractions of a quarter note. This is a test of circular uniformity against a known direction: the V test (Greenwood
/// & Durand 1955; Zar, Biostatistical Analysis, ch. 27), with the maximum over several fractions.
struct TempoMapEvidence {
  /// The subdivisions of a quarter note that are tested.
  private static let divisions = [2, 3, 4, 5, 6, 8, 12, 16]

  /// The statistic of the test: 0 for uniform phases, 1 if all onsets are on the grid.
  let agreement: Double
  /// A critical value that uniform phases rarely exceed.
  let chance: Double
  let isBelievable: Bool
  let reason: String

  init(_ score: Score) {
    guard case .metrical(let ticksPerQuarter) = score.division else {
      (agreement, chance, isBelievable) = (0, 1, false)
      reason = "a division in frames and no tempo map"
      return
    }
    let onsets = Self.onsets(score, within: Int64(ticksPerQuarter))
    // Every onset would fit a grid as fine as the resolution of the file.
    let divisions = Self.divisions.filter { 2 * $0 <= ticksPerQuarter }
    let agreements = divisions.map { division in
      let turn = 2 * Double.pi * Double(division) / Double(ticksPerQuarter)
      return onsets.reduce(0) { $0 + cos(turn * Double($1)) } / Double(max(1, onsets.count))
    }
    agreement = max(0, agreements.max() ?? 0)
    chance = min(0.95, 3 / Double(max(1, onsets.count)).squareRoot())
    isBelievable = agreement >= max(0.25, chance)
    reason = Self.reason(score, agreement: agreement, isBelievable: isBelievable)
  }

  /// The position of each distinct onset within its quarter note, in ticks.
  private static func onsets(_ score: Score, within ticksPerQuarter: Int64) -> [Int64] {
    let ticks = score.tracks.flatMap { $0.notes.map(\.onset.rawValue) }.sorted()
    return ticks.indices.compactMap { index in
      index > 0 && ticks[index] == ticks[index - 1] ? nil : ticks[index] % ticksPerQuarter
    }
  }

  private static func reason(_ score: Score, agreement: Double, isBelievable: Bool) -> String {
    let changes = score.tempoMap.changes
    let map =
      switch changes.count {
      case 0: "no tempo in the file"
      case 1: "a fixed \(Int(changes[0].beatsPerMinute.rounded())) quarters a minute"
      default: "\(changes.count) tempo changes"
      }
    let percent = Int((100 * agreement).rounded())
    return "\(map); onsets \(isBelievable ? "keep to" : "ignore") its grid (agreement \(percent) %)"
  }
}
