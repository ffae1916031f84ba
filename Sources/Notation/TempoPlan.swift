internal import MusicCore

/// The tempo over time, from the tempo marks of all parts.
struct TempoPlan {
  private(set) var changes: [TempoChange] = []

  /// - Parameter marks: tempo marks by rising tick.
  /// - Throws: if a gradual change goes in the wrong direction, such as an accelerando to a slower tempo.
  init(
    _ marks: [(tick: Int, mark: Mark)],
    end: Int,
    ticksPerQuarter: Int,
    in manuscript: Manuscript
  ) throws(NotationError) {
    var current = TempoMark.standard
    var steady = current
    for (index, (tick, mark)) in marks.enumerated() {
      switch mark {
      case .tempo(let tempo):
        (current, steady) = (tempo, tempo)
        set(current.quartersPerMinute, at: tick)
      case .aTempo:
        current = steady
        set(current.quartersPerMinute, at: tick)
      case .ramp(let rate, let isAccelerando, let offset):
        guard isAccelerando == (rate > current.beatsPerMinute), rate != current.beatsPerMinute else {
          throw manuscript.error(.wrongDirection(isAccelerando ? "accelerando" : "ritardando"), at: offset)
        }
        var target = current
        target.beatsPerMinute = rate
        let stop = index + 1 < marks.count ? marks[index + 1].tick : end
        addRamp(
          from: current.quartersPerMinute,
          to: target.quartersPerMinute,
          tick..<max(tick, stop),
          ticksPerQuarter / 4
        )
        current = target
      default: break
      }
    }
  }

  /// Steps of a sixteenth, each with the tempo of its middle.
  private mutating func addRamp(from start: Double, to end: Double, _ range: Range<Int>, _ step: Int) {
    var tick = range.lowerBound
    while tick < range.upperBound {
      let middle = Double(min(tick + step, range.upperBound) + tick) / 2 - Double(range.lowerBound)
      set(start + (end - start) * middle / Double(range.count), at: tick)
      tick += step
    }
  }

  private mutating func set(_ quartersPerMinute: Double, at tick: Int) {
    let microseconds = Int((60_000_000 / quartersPerMinute).rounded())
    changes.append(
      TempoChange(
        tick: Tick(rawValue: Int64(tick)),
        microsecondsPerQuarter: min(16_777_215, max(1, microseconds))
      )
    )
  }
}
