/// Where in the half beats of a grid notes begin.
struct OnsetHistogram {
  private static let bins = 24
  private var counts = Array(repeating: 0, count: bins)

  /// A histogram of positions in beats, none negative beyond measure.
  init(_ positions: some Sequence<Double>) {
    for position in positions {
      let half = position * Double(HarmonicFrames.perQuarter)
      let bin = Int(((half - half.rounded(.down)) * Double(Self.bins)).rounded()) % Self.bins
      counts[bin] += 1
    }
  }

  /// By how many beats the music lies behind the grid, 0 ≤ shift < ½; 0 unless far more notes begin there than on the
  /// grid, as in files whose bars do not start with the first tick.
  var shift: Double {
    let best = counts.indices.reduce(0) { weight(at: $1) > weight(at: $0) ? $1 : $0 }
    guard weight(at: best) > 2 * weight(at: 0) else { return 0 }
    return Double(best) / Double(Self.bins * HarmonicFrames.perQuarter)
  }

  /// The notes in a bin and beside it.
  private func weight(at bin: Int) -> Int {
    counts[bin] + counts[(bin + 1) % Self.bins] + counts[(bin + Self.bins - 1) % Self.bins]
  }
}
