internal import MusicCore

/// What the tracks of a file say about the whole piece.
struct Timeline {
  var tempoChanges: [TempoChange] = []
  var timeSignatures: [TimeSignature] = []
  var keySignatures: [KeySignature] = []

  /// Adds what the next track says; what the first one says is not copied.
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

  /// By rising tick, stably; linear where they are so already.
  fileprivate func sorted(by tick: (Element) -> Tick) -> [Element] {
    let isSorted = zip(self, dropFirst()).allSatisfy { tick($0) <= tick($1) }
    return isSorted ? self : sorted { tick($0) < tick($1) }
  }
}
