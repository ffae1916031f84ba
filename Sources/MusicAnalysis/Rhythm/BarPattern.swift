internal import Glibc
internal import MusicCore

/// The onsets of each bar, quantized to a grid of steps.
struct BarPattern {
  /// The positions of the onset groups in beats after the first beat.
  let positions: [Double]
  let bars: [Bar]
  /// The number of steps per beat: four, or three in compound meters.
  let stepsPerBeat: Int

  /// A complete bar and its onsets.
  struct Bar {
    let firstBeat: Int
    let beats: Int
    /// Whether there is an onset at each step.
    var struck: [Bool]
  }

  /// The bars between the downbeats of a metrical grid, with onsets quantized to the nearest step. O(n).
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
