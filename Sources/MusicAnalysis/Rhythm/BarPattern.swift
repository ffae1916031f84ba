internal import Glibc
internal import MusicCore

/// The positions of onsets in bars, on a grid of steps.
struct BarPattern {
  /// Onset groups in beats since the first beat.
  let positions: [Double]
  let bars: [Bar]
  /// Steps of the grid to a beat: four, or three where beats have three parts.
  let stepsPerBeat: Int

  /// A complete bar and its onsets.
  struct Bar {
    let firstBeat: Int
    let beats: Int
    /// Whether something is struck at each step of the grid.
    var struck: [Bool]
  }

  /// The bars of a grid between its downbeats, with onsets moved to the nearest step. O(n).
  init(onsets: [Seconds], grid: MetricalGrid) {
    var beat = 0
    let beats = grid.beatsSeconds
    positions = onsets.map { onset in
      while beat + 2 < beats.count, beats[beat + 1] <= onset { beat += 1 }
      return Double(beat) + (onset - beats[beat]).rawValue / (beats[beat + 1] - beats[beat]).rawValue
    }
    let steps = grid.meter.isCompound ? 3 : 4
    stepsPerBeat = steps
    var bars = zip(grid.downbeats, grid.downbeats.dropFirst()).map { first, next in
      Bar(firstBeat: first, beats: next - first, struck: [Bool](repeating: false, count: (next - first) * steps))
    }
    var bar = 0
    for position in positions {
      let step = Int((position * Double(steps)).rounded())
      while bar < bars.count, step >= (bars[bar].firstBeat + bars[bar].beats) * steps { bar += 1 }
      guard bar < bars.count else { break }
      let place = step - bars[bar].firstBeat * steps
      if place >= 0 { bars[bar].struck[place] = true }
    }
    self.bars = bars
  }
}
