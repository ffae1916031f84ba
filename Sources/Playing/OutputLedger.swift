public import MusicCore

/// A record of the messages passed to the sequencer for one port, including those scheduled for later, so that an
/// interruption can end the notes that the receiver is playing.
public struct OutputLedger: Sendable {
  /// The effect of the messages that the receiver has certainly received.
  private var delivered = SoundingNotes()
  /// The messages that the sequencer may still hold, sorted by time.
  private var pending: [(time: Seconds, message: MIDIMessage)] = []
  private var settled = 0

  /// How long after its time the kernel may still hold an event: queues run on a grid of up to 4 ms.
  private static let deliveryDelay = Seconds(0.05)

  /// Creates an empty ledger.
  public init() {}

  /// Whether nothing waits to be delivered.
  public var isSettled: Bool { settled == pending.count }

  /// Records a message that is sent at once. Valid only if `isSettled`.
  public mutating func send(_ message: MIDIMessage) { delivered.apply(message) }

  /// Records a message that is sent at `time`, after those already recorded for that time. O(1) if it is the last.
  public mutating func schedule(_ message: MIDIMessage, at time: Seconds) {
    guard message.bearsOnSound else { return }
    let index = pending[settled...].lastIndex { $0.time <= time }.map { $0 + 1 } ?? settled
    pending.insert((time, message), at: index)
  }

  /// Treats messages that were due well before `now` as delivered. O(1) amortized.
  public mutating func settle(by now: Seconds) {
    while settled < pending.count, pending[settled].time < now - Self.deliveryDelay {
      delivered.apply(pending[settled].message)
      settled += 1
    }
    if settled == pending.count || settled > 1024 {
      pending.removeFirst(settled)
      settled = 0
    }
  }

  /// The result of canceling scheduled messages.
  public struct Cancellation: Hashable, Sendable {
    /// The number of messages with an effect on sound that will not be sent.
    public var count = 0
    /// The note-offs of notes that were to be canceled but may already have started.
    public var strays: [MIDIMessage] = []
  }

  /// Removes the messages due at `time` or later, which the sequencer has just been told to cancel.
  ///
  /// - Parameters:
  ///   - onlyOnsets: whether only note-ons were canceled, and note-offs will still be sent.
  ///   - latest: a time after the cancellation.
  public mutating func cancel(from time: Seconds, onlyOnsets: Bool = false, before latest: Seconds) -> Cancellation {
    var cancellation = Cancellation()
    var kept = Array(pending[settled...].prefix { $0.time < time })
    for event in pending[(settled + kept.count)...] {
      if onlyOnsets, !event.message.isNoteStart {
        kept.append(event)
      } else if event.time <= latest, !event.message.endsSound {
        // It may have been sent; but a note-off that may have been sent is not relied on.
        kept.append(event)
        if let end = event.message.noteEnd { cancellation.strays.append(end) }
      } else {
        cancellation.count += 1
      }
    }
    (pending, settled) = (kept, 0)
    return cancellation
  }

  /// What will sound when every recorded message has been sent.
  public var sounding: SoundingNotes {
    pending[settled...].reduce(into: delivered) { $0.apply($1.message) }
  }

  /// Removes all scheduled messages, which the sequencer has just dropped, and returns the state of the receiver.
  ///
  /// They were dropped between the two times. Messages that start a sound count if they may have been delivered,
  /// messages that end one only if they certainly were.
  public mutating func interrupt(after earliest: Seconds, before latest: Seconds) -> SoundingNotes {
    for (time, message) in pending[settled...] {
      if time <= (message.endsSound ? earliest - Self.deliveryDelay : latest) { delivered.apply(message) }
    }
    let sounding = delivered
    self = OutputLedger()
    return sounding
  }
}

extension MIDIMessage {
  fileprivate var bearsOnSound: Bool {
    switch self {
    case .channel(let message):
      switch message.kind {
      case .noteOn, .noteOff: true
      case .control(.controller(let controller, _)):
        [.sustain, .sostenuto, .resetAll, .allSoundOff, .modulation, .expression].contains(controller)
          || controller.releasesKeys
      case .control(.pitchBend): true
      case .control: false
      }
    case .system(.reset): true
    case .systemExclusive(let bytes): DeviceMessage.isReset(bytes)
    default: false
    }
  }

  fileprivate var isNoteStart: Bool {
    if case .channel(let message) = self, case .noteOn = message.kind { true } else { false }
  }

  /// The end of the note that this message starts.
  fileprivate var noteEnd: MIDIMessage? {
    guard case .channel(let message) = self, case .noteOn(let pitch, _) = message.kind else { return nil }
    return .noteOff(message.channel, pitch, Velocity(masking: 64))
  }

  fileprivate var endsSound: Bool {
    guard case .channel(let message) = self else { return true }
    return switch message.kind {
    case .noteOn: false
    case .control(.controller(.sustain, let value)), .control(.controller(.sostenuto, let value)): value < 64
    case .control(.controller(.modulation, let value)): value == 0
    case .control(.controller(.expression, let value)): value == 127
    case .control(.pitchBend(let bend)): bend == 0
    default: true
    }
  }
}
