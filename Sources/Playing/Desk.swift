public import MusicCore

/// What is to be played soon, kept until shortly before its time: until then it can be canceled without any message.
///
/// A note whose time has passed is played where it is little late, and left out with its end otherwise. An end is never
/// left out otherwise: one that comes late goes out at once.
public struct Desk: Sendable {
  /// A message and when it is to sound.
  public struct Event: Hashable, Sendable {
    public var message: ChannelMessage
    public var time: Seconds
  }

  /// How long before its time a message is given out.
  public let lead: Seconds
  /// How late a note may start.
  public let tolerance: Seconds
  /// How many notes started late, and how many were left out.
  public private(set) var lateCount = 0
  public private(set) var droppedCount = 0

  /// By rising time.
  private var events: [Event] = []
  /// How many notes of each key were left out whose ends are still to come.
  private var unstarted: [Key: Int] = [:]

  private struct Key: Hashable {
    var channel: Channel
    var pitch: Pitch
  }

  public init(lead: Seconds = Seconds(0.04), tolerance: Seconds = Seconds(0.03)) {
    (self.lead, self.tolerance) = (lead, tolerance)
  }

  public var isEmpty: Bool { events.isEmpty }

  /// When the next message is to be given out; nil where there is none.
  public var nextTime: Seconds? { events.first.map { $0.time - lead } }

  /// Keeps a message, after those of its time.
  public mutating func add(_ message: ChannelMessage, at time: Seconds) {
    let index = events.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
    events.insert(Event(message: message, time: time), at: index)
  }

  /// Forgets what was to sound at `time` or later.
  ///
  /// - Parameter onlyOnsets: whether to forget starts of notes alone.
  /// - Returns: how many messages that were.
  @discardableResult
  public mutating func cancel(from time: Seconds, onlyOnsets: Bool = false) -> Int {
    let count = events.count
    events.removeAll { $0.time >= time && !(onlyOnsets && $0.message.started == nil) }
    return count - events.count
  }

  /// What is to be given out when the clock shows `now`, by rising time, none of which is before `now`.
  public mutating func take(at now: Seconds) -> [Event] {
    let due = events.prefix { $0.time <= now + lead }
    events.removeFirst(due.count)
    return due.compactMap { event in
      var event = event
      if let key = event.message.started.map({ Key(channel: event.message.channel, pitch: $0) }) {
        guard event.time + tolerance >= now else {
          droppedCount += 1
          unstarted[key, default: 0] += 1
          return nil
        }
        if event.time < now { lateCount += 1 }
      } else if case .noteOff(let pitch, _) = event.message.kind {
        let key = Key(channel: event.message.channel, pitch: pitch)
        if let count = unstarted[key], count > 0 {
          unstarted[key] = count - 1
          return nil
        }
      }
      event.time = max(event.time, now)
      return event
    }
  }
}

extension ChannelMessage {
  /// The pitch of the note that this message starts.
  fileprivate var started: Pitch? { if case .noteOn(let pitch, _) = kind { pitch } else { nil } }
}
