/// The weight that a note has from its place in the bar: the downbeat a little louder, off the beat a little softer.
struct MetricAccents {
  private var bars: [(start: Int, end: Int, offset: Int, beat: Int)]

  init(_ timeline: Timeline, ticksPerQuarter: Int) {
    bars = timeline.bars.map { bar in
      let meter = bar.measure.meter
      let beat = 4 * ticksPerQuarter * (meter.isCompound ? 3 : 1) / meter.denominator
      let full = meter.length(ticksPerQuarter: ticksPerQuarter) ?? bar.measure.length
      // A pickup is the end of a bar; any other short bar is the beginning of one.
      let offset = bar.measure.isPartial && bar.bar == 0 ? full - bar.measure.length : 0
      return (bar.start, bar.start + bar.measure.length, offset, beat)
    }
  }

  /// What to add to the velocity at a tick: 4 on the downbeat, 0 on other beats, −4 between them.
  func weight(at tick: Int) -> Int {
    var (low, high) = (0, bars.count)
    while low < high {
      let middle = (low + high) / 2
      if bars[middle].end > tick { high = middle } else { low = middle + 1 }
    }
    guard low < bars.count else { return 0 }
    let position = tick - bars[low].start + bars[low].offset
    return position == 0 ? 4 : position % max(1, bars[low].beat) == 0 ? 0 : -4
  }
}
