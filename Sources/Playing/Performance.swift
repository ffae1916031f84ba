public import MusicCore

/// A score as messages in the order in which they are sent.
public struct Performance: Sendable {
  /// A message and its time from the start of the score.
  public struct Event: Hashable, Sendable {
    /// The time from the start of the performance.
    public var time: Seconds
    /// The message to send.
    public var message: MIDIMessage

    /// Creates an event.
    public init(time: Seconds, message: MIDIMessage) {
      self.time = time
      self.message = message
    }
  }

  /// By rising time, in the order of `Score.events`.
  public private(set) var events: [Event]
  /// The end of the score: its last event or the latest end of a track, whichever is later.
  public private(set) var duration: Seconds

  /// The messages of all tracks. O(n).
  public init(_ score: Score) {
    let map = score.tempoMap
    events = score.events.played.map { Event(time: map.seconds(at: $0.tick), message: $0.message) }
    let end = map.seconds(at: score.tracks.lazy.map(\.end).max() ?? .zero)
    duration = max(end, events.last?.time ?? .zero)
  }

  /// The performance up to a time, where it ends.
  public func until(_ end: Seconds) -> Performance {
    var result = self
    result.events.removeAll { $0.time >= end }
    result.duration = min(duration, end)
    return result
  }

  /// The messages to send to a receiver before playing starts at `time`: the latest value of each controller, program,
  /// pitch bend and pressure before that time, in the order in which they were set. O(n).
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

  /// The parameter that a message sets: of several messages with the same key only the last counts.
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
