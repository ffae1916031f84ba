public import MusicCore

/// The messages of a score in the order in which a synthesiser gets them.
public struct Timeline: Sendable {
  /// A message at a frame.
  public struct Event: Sendable {
    public var frame: Int
    public var action: Action
  }

  /// What happens.
  public enum Action: Sendable {
    case message(ChannelMessage, port: UInt8)
    case systemExclusive([UInt8])
  }

  /// Frames a second.
  public let rate: Int
  /// By rising frame.
  public let events: [Event]
  /// Where the score ends, its last track's silent end included; not before the last event.
  public let end: Int
  /// Sets of 16 channels that are played on.
  public let ports: Int

  /// The messages of `score` on a grid of `rate` frames a second.
  ///
  /// Of one tick, notes end first, then comes system exclusive, then controls, then notes begin. A note that
  /// another of its pitch and channel has overtaken is ended by the other's beginning, and does not end the other.
  /// Other ports than the first sixteen share theirs. O(n log n).
  ///
  /// - Parameter notes: the notes that are played; the rest of the score applies whatever they are.
  public init(_ score: Score, rate: Int, including notes: (_ track: Int, Note) -> Bool = { _, _ in true }) {
    var pending: [Pending] = []
    pending.reserveCapacity(2 * score.noteCount)
    for (index, track) in score.tracks.enumerated() {
      let port = track.port & 0x0F
      pending += track.systemExclusives.map { Pending($0) }
      pending += track.controls.map { Pending($0, port: port) }
      for note in track.notes where notes(index, note) { pending += Pending.both(of: note, port: port) }
    }
    pending.sort { ($0.tick, $0.order) < ($1.tick, $1.order) }
    var cursor = TempoMap.Cursor(score.tempoMap, rate: rate)
    events = Self.withoutOvertakenEnds(pending).map { Event(frame: cursor.step(at: $0.tick), action: $0.action) }
    let lastTick = score.tracks.map(\.end).max() ?? .zero
    end = max(events.last?.frame ?? 0, score.tempoMap.step(at: lastTick, rate: rate))
    self.rate = rate
    ports = Int(score.tracks.map { $0.port & 0x0F }.max() ?? 0) + 1
  }

  /// How many notes begin.
  public var noteCount: Int {
    events.count {
      guard case .message(let message, _) = $0.action, case .noteOn = message.kind else { return false }
      return true
    }
  }

  private struct Pending {
    /// The place of an event among those of its tick. A note of no length ends after it began.
    enum Order: UInt8, Comparable {
      case noteEnd, systemExclusive, control, note, emptyNoteEnd
      static func < (a: Order, b: Order) -> Bool { a.rawValue < b.rawValue }
    }
    var tick: Tick
    var order: Order
    var action: Action
    /// Of the note that it begins or ends.
    var onset = Tick.zero

    init(_ message: SystemExclusive) {
      (tick, order, action) = (message.tick, .systemExclusive, .systemExclusive(message.bytes))
    }

    init(_ event: ControlEvent, port: UInt8) {
      (tick, order) = (event.tick, .control)
      action = .message(ChannelMessage(channel: event.channel, kind: .control(event.message)), port: port)
    }

    private init(_ note: Note, at tick: Tick, _ order: Order, _ kind: ChannelMessage.Kind, port: UInt8) {
      (self.tick, self.order, onset) = (tick, order, note.onset)
      action = .message(ChannelMessage(channel: note.channel, kind: kind), port: port)
    }

    static func both(of note: Note, port: UInt8) -> [Pending] {
      let isEmpty = note.end == note.onset
      return [
        Pending(note, at: note.onset, .note, .noteOn(note.pitch, note.velocity), port: port),
        Pending(
          note, at: note.end, isEmpty ? .emptyNoteEnd : .noteEnd, .noteOff(note.pitch, note.releaseVelocity), port: port
        ),
      ]
    }
  }

  private static func withoutOvertakenEnds(_ pending: [Pending]) -> [Pending] {
    var newestOnset = [Tick](repeating: .zero, count: 16 * 16 * 128)
    return pending.filter { event in
      guard case .message(let message, let port) = event.action else { return true }
      let channel = Int(port) * 16 + Int(message.channel.rawValue)
      func slot(_ pitch: Pitch) -> Int { channel * 128 + Int(pitch.rawValue) }
      switch message.kind {
      case .noteOn(let pitch, _):
        newestOnset[slot(pitch)] = event.onset
        return true
      case .noteOff(let pitch, _):
        return newestOnset[slot(pitch)] == event.onset
      case .control:
        return true
      }
    }
  }
}
