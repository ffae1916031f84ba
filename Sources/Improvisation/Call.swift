package import MusicAnalysis
package import MusicCore

/// What the human has played since the machine's last turn, and the statistics that an answer is compared with.
package struct Call: Sendable {
  package struct Strike: Hashable, Sendable {
    package var tick: Tick
    package var pitch: Pitch
    package var velocity: Velocity
  }

  /// The latest note onsets, by rising tick.
  package private(set) var strikes: [Strike] = []
  /// The density of music that accompanies the call, as a fraction of the call's own.
  package var share = 1.0
  /// The time after which an onset no longer counts.
  private static let memory = Tick(ofSession: 20)

  package init() {}

  package mutating func add(_ pitch: Pitch, _ velocity: Velocity, at tick: Tick) {
    strikes.append(Strike(tick: tick, pitch: pitch, velocity: velocity))
    let first = strikes.partitioningIndex { $0.tick >= tick - Self.memory }
    if first > 0 { strikes.removeFirst(first) }
  }

  package mutating func clear() { strikes = [] }

  package var isEmpty: Bool { strikes.isEmpty }

  /// From the first onset to the last, in seconds.
  package var seconds: Double {
    guard let first = strikes.first, let last = strikes.last else { return 0 }
    return (last.tick - first.tick).sessionSeconds
  }

  /// Notes per second, where the last note lasts as long as the others on average; nil for fewer than two onsets.
  package var density: Double? {
    let onsets = Set(strikes.map(\.tick)).count
    guard onsets > 1, seconds > 0 else { return nil }
    return Double(strikes.count) / (seconds * Double(onsets) / Double(onsets - 1))
  }

  /// The mean number of notes per onset: 1 for a single line.
  package var notesPerOnset: Double? {
    isEmpty ? nil : Double(strikes.count) / Double(Melody(strikes.map { ($0.tick, $0.pitch) }).tones.count)
  }

  /// The median of the dynamic levels, 0…5.
  package var level: Double? { median(strikes.map { Double(DynamicLevel(nearest: $0.velocity).rawValue) }) }

  /// The median pitch.
  package var register: Double? { median(strikes.map { Double($0.pitch.rawValue) }) }

  /// The number of notes of each pitch class.
  package var pitchClasses: PitchClassProfile { PitchClassProfile(of: strikes.map(\.pitch)) }

  /// The median time between onsets, in seconds.
  package var medianInterval: Double? {
    let onsets = Set(strikes.map(\.tick)).sorted()
    return median(zip(onsets.dropFirst(), onsets).map { ($0 - $1).sessionSeconds })
  }

  /// The median time between onsets, or half a second if there is none.
  var pace: Double { medianInterval ?? 0.5 }

  /// The range of the pitches without the highest and the lowest 5 %.
  package var range: ClosedRange<Int>? {
    let pitches = strikes.map { Int($0.pitch.rawValue) }.sorted()
    guard !pitches.isEmpty else { return nil }
    let outer = pitches.count / 20
    return pitches[outer]...pitches[pitches.count - 1 - outer]
  }

  /// The highest note of each onset.
  package var melody: [Strike] {
    var result: [Strike] = []
    for strike in strikes {
      if let last = result.last, strike.tick - last.tick < Tick(ofSession: 0.05) {
        if strike.pitch > last.pitch { result[result.count - 1].pitch = strike.pitch }
      } else {
        result.append(strike)
      }
    }
    return result
  }
}

/// The median: the mean of the middle two for an even number of values; nil if there are none.
func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
