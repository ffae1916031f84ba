internal import MusicCore

/// The bars of a piece in the order in which they are played, and the tick at which each starts.
struct Timeline {
  /// One bar as played.
  struct Played {
    var section: Int
    var bar: Int
    var start: Int
    var measure: Measure
  }

  private(set) var bars: [Played] = []
  private(set) var end = 0

  init(_ manuscript: Manuscript) {
    for section in manuscript.form {
      for (bar, measure) in manuscript.sections[section].measures.enumerated() {
        bars.append(Played(section: section, bar: bar, start: end, measure: measure))
        end += measure.length
      }
    }
  }

  /// How bar lines divide time, where a short bar and the following one that completes it count as one bar, as
  /// they do at a repeat with a pickup.
  func measures(ticksPerQuarter: Int) -> [(start: Int, meter: Meter)] {
    var result: [(start: Int, meter: Meter)] = []
    var index = 0
    while index < bars.count {
      let bar = bars[index]
      index += 1
      guard bar.measure.isPartial else {
        result.append((bar.start, bar.measure.meter))
        continue
      }
      let full = bar.measure.meter.length(ticksPerQuarter: ticksPerQuarter)
      if index < bars.count, bars[index].measure.isPartial,
        bar.measure.length + bars[index].measure.length == full
      {
        index += 1
        result.append((bar.start, bar.measure.meter))
      } else {
        result.append((bar.start, Meter(ticks: bar.measure.length, ticksPerQuarter: ticksPerQuarter)))
      }
    }
    return result
  }

  /// The meter at every change, in ticks.
  func timeSignatures(ticksPerQuarter: Int) -> [TimeSignature] {
    var signatures: [TimeSignature] = []
    var last: Meter?
    for (start, meter) in measures(ticksPerQuarter: ticksPerQuarter) where meter != last {
      signatures.append(
        TimeSignature(
          tick: Tick(rawValue: Int64(start)),
          numerator: meter.numerator,
          denominator: meter.denominator
        )
      )
      last = meter
    }
    return signatures
  }

  /// The key at every change.
  var keySignatures: [KeySignature] {
    var signatures: [KeySignature] = []
    var last: WrittenKey?
    for bar in bars where bar.measure.key != last {
      let key = bar.measure.key
      signatures.append(
        KeySignature(tick: Tick(rawValue: Int64(bar.start)), sharps: key.sharps, isMinor: key.isMinor)
      )
      last = key
    }
    return signatures
  }
}
