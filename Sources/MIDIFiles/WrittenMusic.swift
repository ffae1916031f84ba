internal import MusicCore

/// What a file of format 0 or 1 holds of a score, in a form in which a score and what was read back are equal.
struct WrittenMusic {
  private var tempoChanges: [TempoChange]
  private var ticksPerQuarter: Int
  private var timeSignatures: [TimeSignature]
  private var keySignatures: [KeySignature]
  private var tracks: [WrittenTrack]
  /// When keys come up, sorted, by a note-off or by a message that releases all keys: which start belongs to which end
  /// of overlapping notes of one pitch is not in a MIDI file. Nil where such messages stand in one of several tracks:
  /// which notes of the others they end depends on all that is in the file.
  private var releases: [Int64]?

  private struct WrittenTrack {
    /// Sorted.
    var onsets: [Int64]
    var controls: [ControlEvent]
    var texts: [TextEvent]
    var systemExclusives: [SystemExclusive]
  }

  init(_ score: Score, format: Int) {
    tempoChanges = TrackEvents.tempoChanges(of: score.tempoMap)
    ticksPerQuarter = TrackEvents.ticksPerQuarter(of: score.division)
    timeSignatures = score.timeSignatures
    keySignatures = score.keySignatures
    releases =
      format == 1 && score.tracks.count > 1 && score.hasMessagesThatReleaseKeys ? nil : Self.releases(in: score)
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
    case tracks.contains { $0.onsets != $1.onsets } || releases != other.releases: "notes"
    case tracks.contains { $0.controls != $1.controls }: "controls"
    case tracks.contains { $0.texts != $1.texts }: "texts"
    case tracks.contains { $0.systemExclusives != $1.systemExclusives }: "system exclusive messages"
    default: nil
    }
  }

  private static func written(_ track: Track) -> WrittenTrack {
    WrittenTrack(
      onsets: track.notes.map(onset).sorted(), controls: inOrder(track.controls), texts: joined(track.texts),
      systemExclusives: inOrder(track.systemExclusives))
  }

  /// All tracks in one.
  private static func merged(_ tracks: [Track]) -> WrittenTrack {
    written(
      Track(
        notes: tracks.flatMap(\.notes), controls: tracks.flatMap { inOrder($0.controls) },
        texts: tracks.flatMap(\.texts).sorted { $0.tick < $1.tick },
        systemExclusives: tracks.flatMap { inOrder($0.systemExclusives) }))
  }

  /// In the order of the event stream; which turns that takes is not in a file of other events.
  private static func inOrder(_ controls: [ControlEvent]) -> [ControlEvent] {
    var controls = controls.sorted { ($0.tick, $0.turn) < ($1.tick, $1.turn) }
    for index in controls.indices { controls[index].turn = 0 }
    return controls
  }

  private static func inOrder(_ messages: [SystemExclusive]) -> [SystemExclusive] {
    var messages = messages.sorted { ($0.tick, $0.turn) < ($1.tick, $1.turn) }
    for index in messages.indices { messages[index].turn = 0 }
    return messages
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

  private static func releases(in score: Score) -> [Int64] {
    var down: Set<Int64> = []
    var releases: [Int64] = []
    func release(_ key: Int64, at tick: Tick) {
      if down.remove(key) != nil { releases.append(tick.rawValue << 19 | key) }
    }
    for event in score.events where event.use == .always {
      switch event.message {
      case .channel(let message):
        let part = Int64(event.port) << 11 | Int64(message.channel.rawValue) << 7
        switch message.kind {
        case .noteOn(let pitch, _): down.insert(part | Int64(pitch.rawValue))
        case .noteOff(let pitch, _): release(part | Int64(pitch.rawValue), at: event.tick)
        case .control(.controller(let controller, _)) where controller == .allSoundOff || controller.releasesKeys:
          for pitch in Int64(0)..<128 { release(part | pitch, at: event.tick) }
        case .control: break
        }
      case .systemExclusive(let bytes) where DeviceMessage.isReset(bytes):
        for key in down { release(key, at: event.tick) }
      default: break
      }
    }
    return releases.sorted()
  }

  private static func key(_ tick: Tick, _ note: Note) -> Int64 {
    tick.rawValue << 19 | Int64(note.port) << 11 | Int64(note.channel.rawValue) << 7 | Int64(note.pitch.rawValue)
  }
}

extension Score {
  fileprivate var hasMessagesThatReleaseKeys: Bool {
    tracks.contains { track in
      track.systemExclusives.contains { DeviceMessage.isReset($0.bytes) }
        || track.controls.contains {
          if case .controller(let controller, _) = $0.message {
            controller == .allSoundOff || controller.releasesKeys
          } else {
            false
          }
        }
    }
  }
}
