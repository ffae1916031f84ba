internal import MusicCore

extension MetricalGrid {
  /// More beats than this come from a broken file, not from music.
  private static let mostBeats = 100_000

  /// The beats that the tempo map and the time signatures of a score say, from the bar of its first onset on to its
  /// last note end; nil where that is no music.
  init?(tempoMapOf score: Score, reason: String) {
    guard case .metrical(let ticksPerQuarter) = score.division else { return nil }
    let notes = score.tracks.lazy.flatMap(\.notes)
    guard let first = notes.map(\.onset).min(), let last = notes.map(\.onset).max(), last > first else {
      return nil
    }
    let end = Double(score.lastNoteEnd.rawValue)
    var signatures = score.timeSignatures.filter { $0.numerator > 0 && $0.denominator > 0 }
    if signatures.first.map({ $0.tick > .zero }) ?? true {
      signatures.insert(TimeSignature(tick: .zero, numerator: 4, denominator: 4), at: 0)
    }
    var beats: [Seconds] = []
    var downbeats: [Int] = []
    var meters: [MeterChange] = []
    for (index, signature) in signatures.enumerated() {
      let meter = Meter(signature)
      let start = Double(signature.tick.rawValue)
      let stop = index + 1 < signatures.count ? min(end, Double(signatures[index + 1].tick.rawValue)) : end
      let length = meter.quartersPerBeat * Double(ticksPerQuarter)
      let bar = length * Double(meter.beatsPerBar)
      let skipped = max(0, ((Double(first.rawValue) - start) / bar).rounded(.down))
      guard start + skipped * bar < stop else { continue }
      guard Double(beats.count) + (stop - start - skipped * bar) / length < Double(Self.mostBeats) else {
        return nil
      }
      let firstBeat = beats.count
      var beat = Int(skipped) * meter.beatsPerBar
      while start + Double(beat) * length < stop {
        let tick = (start + Double(beat) * length).rounded()
        let time = score.tempoMap.seconds(at: Tick(rawValue: Int64(tick)))
        if beats.last.map({ $0 < time }) ?? true {
          if beat.isMultiple(of: meter.beatsPerBar) { downbeats.append(beats.count) }
          beats.append(time)
        }
        beat += 1
      }
      if beats.count > firstBeat, meters.last?.meter != meter {
        meters.append(MeterChange(startSeconds: beats[firstBeat], meter: meter))
      }
    }
    guard beats.count > 1 else { return nil }
    self.init(source: .tempoMap, reason: reason, beatsSeconds: beats, downbeats: downbeats, meters: meters)
  }
}
