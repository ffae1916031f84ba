internal import MusicCore

/// What a file of format 0 or 1 holds of a score, in a form in which a score and what was read back are equal.
struct WrittenMusic {
  private var tempoChanges: [TempoChange]
  private var ticksPerQuarter: Int
  private var timeSignatures: [TimeSignature]
  private var keySignatures: [KeySignature]
  private var tracks: [WrittenTrack]

  private struct WrittenTrack {
    /// The starts and ends of notes, each sorted: which start belongs to which end of overlapping notes of one
    /// pitch is not in a MIDI file.
    var onsets: [Int64]
    var ends: [Int64]
    var controls: [ControlEvent]
    var texts: [TextEvent]
    var systemExclusives: [SystemExclusive]
    var port: UInt8
  }

  init(_ score: Score, format: Int) {
    tempoChanges = TrackEvents.tempoChanges(of: score.tempoMap)
    ticksPerQuarter = TrackEvents.ticksPerQuarter(of: score.division)
    timeSignatures = score.timeSignatures
    keySignatures = score.keySignatures
    // A score without tracks has its tempos in one.
    let tracks = score.tracks.isEmpty ? [Track()] : score.tracks
    self.tracks = format == 1 || tracks.count == 1 ? tracks.map(Self.written) : [Self.merged(tracks)]
  }

  /// What is not the same, or nil.
  func difference(from other: WrittenMusic) -> String? {
    let tracks = zip(tracks, other.tracks)
    return switch true {
    case tempoChanges != other.tempoChanges, ticksPerQuarter != other.ticksPerQuarter: "tempos"
    case timeSignatures != other.timeSignatures: "time signatures"
    case keySignatures != other.keySignatures: "key signatures"
    case self.tracks.count != other.tracks.count: "tracks"
    case tracks.contains { $0.onsets != $1.onsets || $0.ends != $1.ends }: "notes"
    case tracks.contains { $0.controls != $1.controls }: "controls"
    case tracks.contains { $0.texts != $1.texts }: "texts"
    case tracks.contains { $0.systemExclusives != $1.systemExclusives }: "system exclusive messages"
    case tracks.contains { $0.port != $1.port }: "ports"
    default: nil
    }
  }

  private static func written(_ track: Track) -> WrittenTrack {
    WrittenTrack(
      onsets: track.notes.map(onset).sorted(), ends: track.notes.map(end).sorted(), controls: track.controls,
      texts: joined(track.texts), systemExclusives: track.systemExclusives, port: track.port)
  }

  /// All tracks in one, which has no port: events have a channel only.
  private static func merged(_ tracks: [Track]) -> WrittenTrack {
    written(
      Track(
        notes: tracks.flatMap(\.notes), controls: tracks.flatMap(\.controls).sorted { $0.tick < $1.tick },
        texts: tracks.flatMap(\.texts).sorted { $0.tick < $1.tick },
        systemExclusives: tracks.flatMap(\.systemExclusives).sorted { $0.tick < $1.tick },
        port: tracks.last { $0.port != 0 }?.port ?? 0))
  }

  /// A text that is too long for one event is written as several.
  private static func joined(_ texts: [TextEvent]) -> [TextEvent] {
    texts.reduce(into: []) { joined, text in
      if let last = joined.last, last.tick == text.tick, last.kind == text.kind {
        joined[joined.count - 1].bytes += text.bytes
      } else if !text.bytes.isEmpty {
        joined.append(text)
      }
    }
  }

  private static func onset(_ note: Note) -> Int64 {
    // A note-on with velocity 0 would end a note.
    key(note.onset, note) << 7 | Int64(max(1, note.velocity.rawValue))
  }

  private static func end(_ note: Note) -> Int64 { key(note.end, note) }

  private static func key(_ tick: Tick, _ note: Note) -> Int64 {
    tick.rawValue << 11 | Int64(note.channel.rawValue) << 7 | Int64(note.pitch.rawValue)
  }
}
