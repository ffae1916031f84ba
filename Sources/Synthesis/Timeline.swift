public import MusicCore

/// The messages of a score in the order in which a synthesizer receives them.
public struct Timeline: Sendable {
  /// A message and the frame at which it takes effect.
  public struct Event: Sendable {
    /// The frame before which the action takes place.
    public var frame: Int
    /// The action.
    public var action: Action
  }

  /// What happens.
  public enum Action: Sendable {
    case message(ChannelMessage, port: UInt8)
    case systemExclusive([UInt8], port: UInt8)
  }

  /// Frames per second.
  public let rate: Int
  /// By rising frame.
  public let events: [Event]
  /// The frame at which the score ends, including silence at the end of its tracks; not before the last event.
  public let end: Int
  /// The number of ports of 16 channels each that are used.
  public let ports: Int

  /// The messages of `score` at `rate` frames per second, in the order of `Score.events`.
  ///
  /// Ports after the sixteenth share the first sixteen. O(n).
  ///
  /// - Parameter notes: whether a note is played; all other events of the score apply in any case.
  public init(_ score: Score, rate: Int, including notes: (_ track: Int, Note) -> Bool = { _, _ in true }) {
    var cursor = TempoMap.Cursor(score.tempoMap, rate: rate)
    var lastPort: UInt8 = 0
    events = EventStream(score, notes: notes).played.compactMap { event in
      let (frame, port) = (cursor.step(at: event.tick), event.port & 0x0F)
      lastPort = max(lastPort, port)
      switch event.message {
      case .channel(let message): return Event(frame: frame, action: .message(message, port: port))
      case .systemExclusive(let bytes): return Event(frame: frame, action: .systemExclusive(bytes, port: port))
      case .system: return nil
      }
    }
    let lastTick = score.tracks.map(\.end).max() ?? .zero
    end = max(events.last?.frame ?? 0, score.tempoMap.step(at: lastTick, rate: rate))
    self.rate = rate
    ports = Int(lastPort) + 1
  }

  /// The number of note starts.
  public var noteCount: Int {
    events.count {
      guard case .message(let message, _) = $0.action, case .noteOn = message.kind else { return false }
      return true
    }
  }
}
