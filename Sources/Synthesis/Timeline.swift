public import MusicCore

/// The messages of a score in the order in which a synthesizer gets them.
public struct Timeline: Sendable {
  /// A message at a frame.
  public struct Event: Sendable {
    public var frame: Int
    public var action: Action
  }

  /// What happens.
  public enum Action: Sendable {
    case message(ChannelMessage, port: UInt8)
    case systemExclusive([UInt8], port: UInt8)
  }

  /// Frames a second.
  public let rate: Int
  /// By rising frame.
  public let events: [Event]
  /// Where the score ends, its last track's silent end included; not before the last event.
  public let end: Int
  /// Sets of 16 channels that are played on.
  public let ports: Int

  /// The messages of `score` on a grid of `rate` frames a second, in the order of `Score.events`.
  ///
  /// Other ports than the first sixteen share theirs. O(n).
  ///
  /// - Parameter notes: the notes that are played; the rest of the score applies whatever they are.
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
