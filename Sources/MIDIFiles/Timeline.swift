internal import MusicCore

/// The events of a file's tracks that apply to the whole piece: tempos, meters and keys.
struct Timeline {
  var tempoChanges: [TempoChange] = []
  var timeSignatures: [TimeSignature] = []
  var keySignatures: [KeySignature] = []

  /// Adds the events of the next track, without copying those of the first.
  mutating func append(_ other: Timeline) {
    tempoChanges.add(other.tempoChanges)
    timeSignatures.add(other.timeSignatures)
    keySignatures.add(other.keySignatures)
  }

  func score(of tracks: [Track], division: Division) -> Score {
    Score(
      tempoMap: TempoMap(division: division, changes: tempoChanges), tracks: tracks,
      timeSignatures: timeSignatures.sorted(by: \.tick), keySignatures: keySignatures.sorted(by: \.tick))
  }
}

extension Array {
  fileprivate mutating func add(_ other: [Element]) {
    if isEmpty { self = other } else { self += other }
  }

  /// The elements by rising tick, sorted stably; linear if they are already in order.
  fileprivate func sorted(by tick: (Element) -> Tick) -> [Element] {
    let isSorted = zip(self, dropFirst()).allSatisfy { tick($0) <= tick($1) }
    return isSorted ? self : sorted { tick($0) < tick($1) }
  }
}
