internal import MusicCore

/// The part of a score that a file of format 0 or 1 can represent, in a form in which a score and its file compare
/// equal.
struct WrittenMusic {
  private var tempoChanges: [TempoChange]
  private var ticksPerQuarter: Int
  private var timeSignatures: [TimeSignature]
  private var keySignatures: [KeySignature]
  private var tracks: [WrittenTrack]
  /// The sorted times at which keys come up, by a note-off or by a message that releases all keys: MIDI files do not
  /// record which end of overlapping notes of a pitch belongs to which start. Nil if there are several tracks and such
  /// messages, because the notes that these end in other tracks depend on the whole file.
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
    // The tempos of a score without tracks are written to one track.
    let tracks = score.tracks.isEmpty ? [Track()] : score.tracks
    self.tracks = format == 1 || tracks.count == 1 ? tracks.map(Self.written) : [Self.merged(tracks)]
  }

  /// The name of a part that differs, or nil.
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

  /// All tracks merged into one.
  private static func merged(_ tracks: [Track]) -> WrittenTrack {
    written(
      Track(
        notes: tracks.flatMap(\.notes), controls: tracks.flatMap { inOrder($0.controls) },
        texts: tracks.flatMap(\.texts).sorted { $0.tick < $1.tick },
        systemExclusives: tracks.flatMap { inOrder($0.systemExclusives) }))
  }

  /// The controls in the order of the event stream, without turn numbers, which depend on the other events of a file.
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

  /// Joins texts that were written as several events because of their length.
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
