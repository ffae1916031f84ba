internal import MusicCore

extension Score {
  /// Every quarter note of the tempo map, from the start to the last note end.
  func quarterBeats() -> [Seconds] {
    guard case .metrical(let ticks) = division else { return [] }
    return stride(from: 0, through: lastNoteEnd.rawValue + Int64(ticks), by: ticks)
      .map { tempoMap.seconds(at: Tick(rawValue: $0)) }
  }

  /// The first beat of every bar of the time signatures; 4/4 by default.
  func downbeats() -> [Seconds] {
    guard case .metrical(let ticks) = division else { return [] }
    var changes = timeSignatures
    if changes.first.map({ $0.tick > .zero }) ?? true {
      changes.insert(TimeSignature(tick: .zero, numerator: 4, denominator: 4), at: 0)
    }
    let ends = changes.dropFirst().map(\.tick.rawValue) + [lastNoteEnd.rawValue]
    return zip(changes, ends).flatMap { change, end in
      let bar = Int64(max(1, ticks * 4 * change.numerator / max(1, change.denominator)))
      return stride(from: change.tick.rawValue, to: end, by: Int64.Stride(bar)).map { Tick(rawValue: $0) }
    }.map(tempoMap.seconds(at:))
  }
}
