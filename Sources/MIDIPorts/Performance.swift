public import MusicCore

/// A score as messages in the order in which they are sent.
public struct Performance: Sendable {
  /// A message and its time from the start of the score.
  public struct Event: Hashable, Sendable {
    public var time: Seconds
    public var message: MIDIMessage

    public init(time: Seconds, message: MIDIMessage) {
      self.time = time
      self.message = message
    }
  }

  /// By rising time. At one time: the ends of earlier notes, system exclusive messages, controllers and
  /// programs, note-ons, and the ends of notes of no length.
  public private(set) var events: [Event]
  /// When the score ends: its last event or, where that is later, the end of a track.
  public private(set) var duration: Seconds

  /// The messages of all tracks. O(n log n).
  public init(_ score: Score) {
    var ranked: [(tick: Tick, rank: UInt8, message: MIDIMessage)] = []
    ranked.reserveCapacity(score.noteCount * 2)
    for track in score.tracks {
      for message in track.systemExclusives { ranked.append((message.tick, 1, .systemExclusive(message.bytes))) }
      for control in track.controls { ranked.append((control.tick, 2, .control(control.channel, control.message))) }
      for note in track.notes {
        ranked.append((note.onset, 3, .noteOn(note.channel, note.pitch, note.velocity)))
        let off = MIDIMessage.noteOff(note.channel, note.pitch, note.releaseVelocity)
        ranked.append((note.end, note.end > note.onset ? 0 : 4, off))
      }
    }
    // The standard library's sort is stable: what the file has at one tick in order stays in order.
    ranked.sort { ($0.tick, $0.rank) < ($1.tick, $1.rank) }
    let map = score.tempoMap
    events = ranked.map { Event(time: map.seconds(at: $0.tick), message: $0.message) }
    let end = map.seconds(at: score.tracks.lazy.map(\.end).max() ?? .zero)
    duration = max(end, events.last?.time ?? .zero)
  }

  /// What a receiver must be told so that playing may begin at `time`: the last value that each controller,
  /// program, bend and pressure had before, in the order in which they were set. O(n).
  public func state(before time: Seconds) -> [MIDIMessage] {
    var latest: [Key: (order: Int, message: MIDIMessage)] = [:]
    for (order, event) in events.enumerated() {
      if event.time >= time { break }
      switch event.message {
      case .channel(let message):
        if case .control(let control) = message.kind {
          latest[Key(message.channel, control)] = (order, event.message)
        }
      case .systemExclusive: latest[.whole(order)] = (order, event.message)
      default: break
      }
    }
    return latest.values.sorted { $0.order < $1.order }.map(\.message)
  }

  /// What a message sets: of several with one key only the last counts.
  private enum Key: Hashable {
    case controller(Channel, Controller)
    case program(Channel), pitchBend(Channel), channelPressure(Channel)
    case keyPressure(Channel, Pitch)
    case whole(Int)

    init(_ channel: Channel, _ message: ControlEvent.Message) {
      self =
        switch message {
        case .controller(let controller, _): .controller(channel, controller)
        case .program: .program(channel)
        case .pitchBend: .pitchBend(channel)
        case .channelPressure: .channelPressure(channel)
        case .keyPressure(let pitch, _): .keyPressure(channel, pitch)
        }
    }
  }
}
