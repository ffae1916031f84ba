internal import MusicCore

extension MusicMetrics {
  /// The mean number of pitches over the ticks with at least one, and the share of all ticks with more than two.
  static func polyphony(_ notes: [Note], end: Int64) -> (mean: Double?, rate: Double?) {
    var changes: [(tick: Int64, pitch: Int, step: Int)] = []
    changes.reserveCapacity(2 * notes.count)
    for note in notes where note.end > note.onset {
      changes.append((note.onset.rawValue, Int(note.pitch.rawValue), 1))
      changes.append((note.end.rawValue, Int(note.pitch.rawValue), -1))
    }
    changes.sort { $0.tick < $1.tick }
    var held = Array(repeating: 0, count: 128)
    // Pitches that sound, ticks weighted by them, ticks with at least one and ticks with more than two; unisons count once.
    var (sounding, pitchTicks, anyTicks, manyTicks) = (0, Int64(0), Int64(0), Int64(0))
    var last = Int64(0)
    for change in changes {
      let length = change.tick - last
      pitchTicks += Int64(sounding) * length
      if sounding > 0 { anyTicks += length }
      if sounding > 2 { manyTicks += length }
      last = change.tick
      let before = held[change.pitch] > 0
      held[change.pitch] += change.step
      let after = held[change.pitch] > 0
      if before != after { sounding += after ? 1 : -1 }
    }
    return (anyTicks > 0 ? Double(pitchTicks) / Double(anyTicks) : nil, Double(manyTicks) / Double(end))
  }

  /// The share of time units without a sounding note. The last unit counts as a whole one, and a note also occupies the unit
  /// of its end.
  static func emptyRate(_ notes: [Note], every unit: Int64, end: Int64) -> Double {
    let spans = notes.map { ($0.onset.rawValue / unit, $0.end.rawValue / unit) }.sorted { $0 < $1 }
    var filled = Int64(0)
    var next = Int64(0)
    for (first, last) in spans where last >= next {
      filled += last + 1 - max(first, next)
      next = last + 1
    }
    return 1 - Double(filled) / Double(end / unit + 1)
  }

  /// One minus the mean share of ticks at which exactly one of two neighboring bars has an onset; nil if there is one bar.
  static func grooveConsistency(_ notes: [Note], bar: Int64, end: Int64) -> Double? {
    let bars = end / bar + 1
    guard bars > 1 else { return nil }
    let onsets = Set(notes.lazy.map(\.onset.rawValue))
    // An onset differs from a neighboring bar that has none at the same position.
    var different = 0
    for onset in onsets {
      if onset >= bar, !onsets.contains(onset - bar) { different += 1 }
      if onset / bar + 1 < bars, !onsets.contains(onset + bar) { different += 1 }
    }
    return 1 - Double(different) / (Double(bar) * Double(bars - 1))
  }

  /// The share of notes that start at a subdivision of a unit, or at its start if it is not divisible; nil if there are no
  /// notes.
  static func patternRate(_ notes: [Note], parts: Int64, of unit: Int64) -> Double? {
    guard !notes.isEmpty else { return nil }
    // A beat whose ticks are not divisible by four is divided into two if possible.
    let step = unit % parts == 0 ? unit / parts : parts == 4 && unit % 2 == 0 ? unit / 2 : unit
    return Double(notes.count { $0.onset.rawValue % unit % step == 0 }) / Double(notes.count)
  }
}
