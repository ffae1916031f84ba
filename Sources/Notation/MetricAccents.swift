internal import MusicCore

/// Metric accents: notes on the downbeat are a little louder, notes off the beat a little softer.
struct MetricAccents {
  private var bars: [(start: Int, end: Int, offset: Int, beat: Int)] = []

  init(_ timeline: Timeline, ticksPerQuarter: Int) {
    // The length of the immediately preceding short bars, which fill one bar together with this one.
    var filled = 0
    for bar in timeline.bars {
      let (meter, length) = (bar.measure.meter, bar.measure.length)
      let beat = 4 * ticksPerQuarter * (meter.isCompound ? 3 : 1) / meter.denominator
      let full = meter.length(ticksPerQuarter: ticksPerQuarter) ?? length
      // The pickup of the piece is the end of a bar.
      let offset = !bar.measure.isPartial ? 0 : bars.isEmpty ? full - length : filled
      filled = (offset + length) % full
      bars.append((bar.start, bar.start + length, offset, beat))
    }
  }

  /// The change of velocity at a tick: 4 on the downbeat, 0 on other beats, −4 between them.
  func weight(at tick: Int) -> Int {
    let index = bars.partitioningIndex { $0.end > tick }
    guard index < bars.count else { return 0 }
    let position = tick - bars[index].start + bars[index].offset
    return position == 0 ? 4 : position % max(1, bars[index].beat) == 0 ? 0 : -4
  }
}
