internal import MusicCore

extension MetricalGrid {
  /// The maximum number of beats; more indicate a damaged file.
  private static let mostBeats = 100_000

  /// The beats according to the tempo map and the time signatures of a score, from the bar of its first onset to the end of
  /// its last note; nil if it has none.
  init?(tempoMapOf score: Score, reason: String) {
    guard case .metrical(let ticksPerQuarter) = score.division else { return nil }
    let notes = score.tracks.lazy.flatMap(\.notes)
    guard let first = notes.map(\.onset).min(), let last = notes.map(\.onset).max(), last > first else {
      return nil
    }
    let parts = MeterStretch.all(of: score, ticksPerQuarter: Double(ticksPerQuarter))
    let pickup = parts.count > 1 && parts[0].isPickup(of: parts[1]) ? parts[0].bar : nil
    var beats: [Seconds] = []
    var quarters: [Double] = []
    var downbeats: [Int] = []
    var meters: [MeterChange] = []
    // Empty bars at the start are omitted but counted, as in printed scores.
    var number = pickup == nil ? 1 : 0
    for (index, part) in parts.enumerated() {
      let skipped = max(0, ((Double(first.rawValue) - part.start) / part.bar).rounded(.down))
      if beats.isEmpty { number += Int(min(skipped, part.bars, Double(Self.mostBeats))) }
      guard part.start + skipped * part.bar < part.end else { continue }
      guard Double(beats.count) + (part.end - part.start - skipped * part.bar) / part.beat < Double(Self.mostBeats)
      else { return nil }
      let firstBeat = beats.count
      var beat = Int(skipped) * part.meter.beatsPerBar
      while part.start + Double(beat) * part.beat < part.end {
        let tick = (part.start + Double(beat) * part.beat).rounded()
        let time = score.tempoMap.seconds(at: Tick(rawValue: Int64(tick)))
        if beats.last.map({ $0 < time }) ?? true {
          if beat.isMultiple(of: part.meter.beatsPerBar) { downbeats.append(beats.count) }
          beats.append(time)
          quarters.append(tick / Double(ticksPerQuarter))
        }
        beat += 1
      }
      // A pickup and the shortened final bar that complements it are not changes of meter.
      let isPickup = index == 0 && pickup != nil
      let isRest =
        index + 1 == parts.count && index > 0 && pickup.map { part.completes($0, after: parts[index - 1]) } ?? false
      if beats.count > firstBeat, meters.last?.meter != part.meter, !isPickup, !isRest {
        meters.append(MeterChange(startSeconds: beats[meters.isEmpty ? 0 : firstBeat], meter: part.meter))
      }
    }
    guard beats.count > 1 else { return nil }
    if meters.isEmpty { meters = [MeterChange(startSeconds: beats[0], meter: parts[0].meter)] }
    self.init(
      source: .tempoMap, reason: reason, beatsSeconds: beats, downbeats: downbeats, meters: meters,
      firstBarNumber: number, quarters: quarters)
  }
}

/// The part of a score under one time signature, in ticks.
private struct MeterStretch {
  var meter: Meter
  var start: Double
  var end: Double
  var beat: Double
  var bar: Double { beat * Double(meter.beatsPerBar) }
  /// The number of bars, of which the last may be incomplete.
  var bars: Double { max(0, ((end - start) / bar).rounded(.up)) }

  /// Whether it is a single bar that is shorter than the following ones.
  func isPickup(of next: MeterStretch) -> Bool { end - start <= bar && bar < next.bar }

  /// Whether it is a single bar that completes a pickup to a whole bar of the preceding meter.
  func completes(_ pickup: Double, after previous: MeterStretch) -> Bool {
    bars <= 1 && abs(bar + pickup - previous.bar) < 0.5
  }

  /// The parts of a score; 4/4 before the first time signature.
  static func all(of score: Score, ticksPerQuarter: Double) -> [MeterStretch] {
    var signatures = score.timeSignatures.filter { $0.numerator > 0 && $0.denominator > 0 }
    if signatures.first.map({ $0.tick > .zero }) ?? true {
      signatures.insert(TimeSignature(tick: .zero, numerator: 4, denominator: 4), at: 0)
    }
    let end = Double(score.lastNoteEnd.rawValue)
    return signatures.indices.map { index in
      let meter = Meter(signatures[index])
      let next = index + 1 < signatures.count ? Double(signatures[index + 1].tick.rawValue) : .infinity
      return MeterStretch(
        meter: meter, start: Double(signatures[index].tick.rawValue), end: min(end, next),
        beat: meter.quartersPerBeat * ticksPerQuarter)
    }
  }
}
