package import MusicCore

/// Converts times to bars and beats, with bar numbers as in printed scores.
package struct BarPositions {
  /// A bar and a beat in it, from 1; fractions are interpolated between beats. The beats of a pickup are the last of its bar.
  package struct Place {
    package var bar: Int
    package var beat: Double
  }

  package let beats: [Seconds]
  /// The indices of the downbeats among the beats.
  package let downbeats: [Int]
  package let firstBar: Int
  private let meters: [MetricalGrid.MeterChange]

  /// The bars of an analysis; nil if it found none.
  package init?(_ rhythm: RhythmAnalysis?) {
    guard let rhythm, rhythm.beatsSeconds.count > 1, !rhythm.downbeatsSeconds.isEmpty else { return nil }
    let beats = rhythm.beatsSeconds
    self.beats = beats
    downbeats = rhythm.downbeatsSeconds.map { downbeat in
      min(beats.count - 1, beats.partitioningIndex { $0 >= downbeat - Seconds(1e-4) })
    }
    firstBar = rhythm.firstBarNumber ?? 1
    meters = rhythm.meters
  }

  /// The bars of a metrical grid; nil if it has none.
  package init?(_ grid: MetricalGrid) {
    guard !grid.downbeats.isEmpty else { return nil }
    beats = grid.beatsSeconds
    downbeats = grid.downbeats
    firstBar = grid.firstBarNumber
    meters = grid.meters
  }

  /// The meter of a bar, by its index.
  package func meter(at bar: Int) -> Meter {
    let time = beats[downbeats[bar]] + Seconds(1e-4)
    return (meters.last { $0.startSeconds <= time } ?? meters.first)?.meter ?? Meter(numerator: 4, denominator: 4)
  }

  /// The end of a bar, by its index; the last bar has the length of its meter.
  package func end(of bar: Int) -> Seconds {
    if bar + 1 < downbeats.count { return beats[downbeats[bar + 1]] }
    let missing = meter(at: bar).beatsPerBar - (beats.count - 1 - downbeats[bar])
    return beats[beats.count - 1] + Seconds(lastLength * Double(max(1, missing)))
  }

  /// The number of beats of a bar, by its index; the last bar has those of its meter.
  package func beatCount(_ bar: Int) -> Int {
    bar + 1 < downbeats.count ? downbeats[bar + 1] - downbeats[bar] : meter(at: bar).beatsPerBar
  }

  /// The index of the bar of a beat, by its index; nil before the first bar.
  package func bar(ofBeat beat: Int) -> Int? {
    let next = downbeats.partitioningIndex { $0 > beat }
    return next == 0 ? nil : next - 1
  }

  /// The number of beats missing at the beginning of a bar; 0 unless it is a pickup.
  package func missingBeats(_ bar: Int) -> Int {
    guard bar == 0, firstBar == 0, downbeats.count > 1 else { return 0 }
    return max(0, meter(at: 0).beatsPerBar - (downbeats[1] - downbeats[0]))
  }

  /// The bar and beat at a time; nil before the first bar.
  package func place(of time: Seconds) -> Place? {
    let next = beats.partitioningIndex { $0 > time + Seconds(1e-3) }
    guard next > 0, let bar = bar(ofBeat: next - 1) else { return nil }
    let length = next < beats.count ? (beats[next] - beats[next - 1]).rawValue : lastLength
    let share = max(0, (time - beats[next - 1]).rawValue / length)
    let beat = Double(next - downbeats[bar] + missingBeats(bar)) + share
    return Place(bar: firstBar + bar, beat: (beat * 1000).rounded() / 1000)
  }

  private var lastLength: Double { (beats[beats.count - 1] - beats[beats.count - 2]).rawValue }
}
