/// A piece of music: the content of a MIDI file, a token stream or a recording.
public struct Score: Hashable, Sendable {
  /// The tempo changes, and the time unit.
  public var tempoMap: TempoMap
  /// The tracks, in the order of the file.
  public var tracks: [Track]
  /// By rising tick.
  public var timeSignatures: [TimeSignature]
  /// By rising tick.
  public var keySignatures: [KeySignature]

  /// Creates a score; tracks that are not stated are absent.
  public init(
    tempoMap: TempoMap, tracks: [Track] = [], timeSignatures: [TimeSignature] = [],
    keySignatures: [KeySignature] = []
  ) {
    self.tempoMap = tempoMap
    self.tracks = tracks
    self.timeSignatures = timeSignatures
    self.keySignatures = keySignatures
  }

  /// The unit of ticks.
  public var division: Division { tempoMap.division }

  /// The number of notes in all tracks.
  public var noteCount: Int { tracks.reduce(0) { $0 + $1.notes.count } }

  /// The tick at which the last note ends; zero if there are no notes. O(n).
  public var lastNoteEnd: Tick {
    tracks.lazy.flatMap(\.notes).map(\.end).max() ?? .zero
  }

  /// The time from the start to the end of the last note.
  public var duration: Seconds { tempoMap.seconds(at: lastNoteEnd) }
}
