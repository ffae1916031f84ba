package import MusicCore

/// The output of a pulse: metronome clicks, and MIDI clock for other devices.
package struct ClickTrack: Sendable {
  package var hasMetronome: Bool
  package var hasClock: Bool
  package var meter: Meter
  /// The time up to which everything has been returned, in seconds.
  private var until: Double

  /// High and low wood block (General MIDI Level 1, percussion key map), and how long a click is.
  private static let (accent, click) = (Pitch(masking: 76), Pitch(masking: 77))
  private static let clickLength = 0.05

  /// - Parameter start: the time of the first possible message, in seconds.
  package init(metronome: Bool, clock: Bool, _ meter: Meter, from start: Double) {
    (hasMetronome, hasClock, self.meter, until) = (metronome, clock, meter, start)
  }

  /// Skips everything before a time.
  package mutating func skip(to time: Double) { until = max(until, time - 1e-4) }

  /// The messages from the end of the previous call until a time, by rising time. Clicks also sound before the start of
  /// the song, which is where MIDI clock sends Start.
  package mutating func take(_ pulse: Pulse, until end: Double) -> [(message: MIDIMessage, time: Double)] {
    guard end > until else { return [] }
    defer { until = end }
    var result: [(message: MIDIMessage, time: Double)] = []
    if hasClock {
      for (index, time) in units(Double(1) / Double(ClockFollower.clocksPerQuarter), pulse, until: end) {
        if index == 0 { result.append((.system(.start), time)) }
        result.append((.system(.clock), time))
      }
    }
    if hasMetronome || until < pulse.second(ofQuarter: 0) {
      let beats = meter.beatsPerBar
      for (index, time) in units(meter.quartersPerBeat, pulse, until: end) where hasMetronome || index < 0 {
        let isFirst = index.quotientAndRemainder(dividingBy: beats).remainder == 0
        let pitch = isFirst ? Self.accent : Self.click
        result.append((.noteOn(.drums, pitch, Velocity(masking: isFirst ? 110 : 80)), time))
        result.append((.noteOff(.drums, pitch, Velocity(masking: 64)), time + Self.clickLength))
      }
    }
    return result.sorted { $0.time < $1.time }
  }

  /// The units of `unit` quarter notes that begin after what has been returned.
  private func units(_ unit: Double, _ pulse: Pulse, until end: Double) -> [(index: Int, time: Double)] {
    let first = Int((pulse.quarters(atSecond: until) / unit + 1e-6).rounded(.down)) + 1
    let last = Int((pulse.quarters(atSecond: end) / unit + 1e-6).rounded(.down))
    guard first <= last else { return [] }
    return (first...last).map { ($0, pulse.second(ofQuarter: Double($0) * unit)) }
  }
}
