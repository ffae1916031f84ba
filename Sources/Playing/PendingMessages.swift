public import MusicCore

/// Messages that are held back until shortly before their times, so that they can be canceled without sending anything.
///
/// A note-on that is late is played if it is within the tolerance, and is otherwise dropped together with its note-off.
/// A late note-off of a note that was played is sent at once.
public struct PendingMessages: Sendable {
  /// A message and the time at which it is to sound.
  public struct Event: Hashable, Sendable {
    /// The message.
    public var message: ChannelMessage
    /// The time at which it is to sound.
    public var time: Seconds
  }

  /// How long before its time a message is sent.
  public let lead: Seconds
  /// How late a note may start.
  public let tolerance: Seconds
  /// The number of notes that started late, and the number that were dropped.
  public private(set) var lateCount = 0
  /// The number of notes that were dropped.
  public private(set) var droppedCount = 0

  /// By rising time.
  private var events: [Event] = []
  /// The number of dropped notes of each key whose note-offs are still to come.
  private var unstarted: [ChannelPitch: Int] = [:]
  /// How many notes of each key were sent and not ended.
  private var sounding: [ChannelPitch: Int] = [:]

  /// Creates an empty queue.
  public init(lead: Seconds = Seconds(0.04), tolerance: Seconds = Seconds(0.03)) {
    (self.lead, self.tolerance) = (lead, tolerance)
  }

  /// Whether no message is held back.
  public var isEmpty: Bool { events.isEmpty }

  /// When the next message must be sent; nil if there is none.
  public var nextTime: Seconds? { events.first.map { $0.time - lead } }

  /// Adds a message, after those of the same time.
  public mutating func add(_ message: ChannelMessage, at time: Seconds) {
    let index = events.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
    events.insert(Event(message: message, time: time), at: index)
  }

  /// Removes the messages at `time` or later.
  ///
  /// - Parameter onlyOnsets: whether to remove only note-ons.
  /// - Returns: the number of messages removed.
  @discardableResult
  public mutating func cancel(from time: Seconds, onlyOnsets: Bool = false) -> Int {
    let count = events.count
    events.removeAll { $0.time >= time && !(onlyOnsets && $0.message.started == nil) }
    return count - events.count
  }

  /// Removes and returns the messages to send at `now`, by rising time; late ones get the time `now`.
  public mutating func take(at now: Seconds) -> [Event] {
    let due = events.prefix { $0.time <= now + lead }
    events.removeFirst(due.count)
    return due.compactMap { event in
      var event = event
      if let key = event.message.started.map({ ChannelPitch(event.message.channel, $0) }) {
        guard event.time + tolerance >= now else {
          droppedCount += 1
          unstarted[key, default: 0] += 1
          return nil
        }
        if event.time < now { lateCount += 1 }
        sounding[key, default: 0] += 1
        // Notes of one key follow each other, so no note-off of an earlier one is still to come.
        unstarted[key] = nil
      } else if case .noteOff(let pitch, _) = event.message.kind {
        let key = ChannelPitch(event.message.channel, pitch)
        if let count = unstarted[key], count > 0 {
          unstarted[key] = count - 1
          return nil
        }
        if let count = sounding[key] { sounding[key] = count > 1 ? count - 1 : nil }
      }
      event.time = max(event.time, now)
      return event
    }
  }

  /// Ends the notes that were sent: returns their note-offs, which must be sent at once. Those added for them later, or
  /// before and not yet taken, are dropped.
  public mutating func endSounding() -> [ChannelMessage] {
    let keys = sounding.sorted { $0.key < $1.key }
    sounding = [:]
    return keys.flatMap { key, count in
      unstarted[key, default: 0] += count
      let off = ChannelMessage(channel: key.channel, kind: .noteOff(key.pitch, Velocity(masking: 64)))
      return repeatElement(off, count: count)
    }
  }
}

extension ChannelMessage {
  /// The pitch of the note that this message starts.
  fileprivate var started: Pitch? { if case .noteOn(let pitch, _) = kind { pitch } else { nil } }
}
