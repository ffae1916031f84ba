/// The notes of a score that are drums.
public struct DrumNotes: Sendable {
  /// A position in the event stream.
  private typealias Place = (tick: Tick, track: Int, turn: UInt8)

  /// The changes of each channel, in the order of the stream, for the channels that have any.
  private var changes: [RhythmParts.Part: [(place: Place, isRhythm: Bool)]] = [:]

  /// Finds the drums of a score. O(n log n) in its messages if any of them changes the drum channels, otherwise O(1).
  init(_ score: Score) {
    guard score.tracks.contains(where: Self.mayMoveDrums) else { return }
    var parts = RhythmParts()
    let stream = EventStream(score, notes: { _, _ in false }, controls: \.selectsSound)
    for event in stream {
      let changed: [RhythmParts.Part] =
        switch event.message {
        case .systemExclusive(let bytes):
          DeviceMessage.meanings(of: bytes).flatMap { parts.apply($0, port: event.port) }
        case .channel(let message): parts.apply(message, port: event.port)
        case .system: []
        }
      for part in changed {
        let isRhythm = parts.contains(part.channel, port: part.port)
        changes[part, default: []].append(((event.tick, event.track, event.turn), isRhythm))
      }
    }
  }

  /// Whether a track can change the drum channels. Banks do so only after the reset of a standard.
  private static func mayMoveDrums(_ track: Track) -> Bool {
    track.systemExclusives.contains {
      DeviceMessage.meanings(of: $0.bytes).contains {
        switch $0 {
        case .reset(.gm2), .reset(.xg), .rhythmPart: true
        case .reset, .masterVolume: false
        }
      }
    }
  }

  /// Whether a note of a track of the score is for drums. O(log n) in the changes of its channel.
  public func contains(_ note: Note, track: Int) -> Bool {
    guard !changes.isEmpty, let changes = changes[.init(port: note.port, channel: note.channel)] else {
      return note.channel == .drums
    }
    let place = (note.onset, track, note.onsetTurn)
    // Changes in the same turn come before the notes that start in it.
    let next = changes.partitioningIndex { $0.place > place }
    return next == 0 ? note.channel == .drums : changes[next - 1].isRhythm
  }
}

extension ControlEvent {
  fileprivate var selectsSound: Bool {
    switch message {
    case .program, .controller(.bankSelect, _): true
    default: false
    }
  }
}

extension Score {
  /// The notes that are drums: by default those of channel 10, unless messages of the score change that.
  public var drums: DrumNotes { DrumNotes(self) }

  /// The notes of all tracks that are drums, or all that are not; track by track.
  public func notes(areDrums: Bool) -> [Note] {
    let drums = drums
    return tracks.enumerated().flatMap { index, track in
      track.notes.filter { drums.contains($0, track: index) == areDrums }
    }
  }
}
