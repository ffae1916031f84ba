/// A histogram of the phases of onsets within half beats of a grid.
struct OnsetHistogram {
  private static let bins = 24
  private var counts = Array(repeating: 0, count: bins)

  /// The histogram of positions in beats.
  init(_ positions: some Sequence<Double>) {
    for position in positions {
      let half = position * Double(HarmonicFrames.perQuarter)
      let bin = Int(((half - half.rounded(.down)) * Double(Self.bins)).rounded()) % Self.bins
      counts[bin] += 1
    }
  }

  /// The delay of the music relative to the grid in beats, 0 ≤ shift < ½: the phase with most onsets if it has more than
  /// twice those of the grid, as in files whose bars do not start at the first tick; otherwise 0.
  var shift: Double {
    let best = counts.indices.reduce(0) { weight(at: $1) > weight(at: $0) ? $1 : $0 }
    guard weight(at: best) > 2 * weight(at: 0) else { return 0 }
    return Double(best) / Double(Self.bins * HarmonicFrames.perQuarter)
  }

  /// The number of onsets in a bin and its two neighbors.
  private func weight(at bin: Int) -> Int {
    counts[bin] + counts[(bin + 1) % Self.bins] + counts[(bin + Self.bins - 1) % Self.bins]
  }
}
