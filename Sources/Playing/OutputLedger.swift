public import MusicCore

/// What was handed to the sequencer for one port, part of it for later, so that an interruption can end what
/// the receiver has begun to play.
public struct OutputLedger: Sendable {
  /// What the receiver is certain to have received.
  private var delivered = SoundingNotes()
  /// What the sequencer may still hold, by rising time.
  private var pending: [(time: Seconds, message: MIDIMessage)] = []
  private var settled = 0

  /// How long after its time the kernel may still hold an event: queues run on a grid of up to 4 ms.
  private static let delivery = Seconds(0.05)

  public init() {}

  /// True where nothing waits to be delivered.
  public var isSettled: Bool { settled == pending.count }

  /// Records a message that goes out at once. Valid only where `isSettled`.
  public mutating func send(_ message: MIDIMessage) { delivered.apply(message) }

  /// Records a message that goes out at `time`, after those of this time that are known. O(1) where it is the last.
  public mutating func schedule(_ message: MIDIMessage, at time: Seconds) {
    guard message.bearsOnSound else { return }
    let index = pending[settled...].lastIndex { $0.time <= time }.map { $0 + 1 } ?? settled
    pending.insert((time, message), at: index)
  }

  /// Counts as delivered what was due well before `now`. O(1) amortized.
  public mutating func settle(by now: Seconds) {
    while settled < pending.count, pending[settled].time < now - Self.delivery {
      delivered.apply(pending[settled].message)
      settled += 1
    }
    if settled == pending.count || settled > 1024 {
      pending.removeFirst(settled)
      settled = 0
    }
  }

  /// What was taken back from a sequencer before it went out.
  public struct Cancellation: Hashable, Sendable {
    /// How many messages that bear on sound will not go out.
    public var count = 0
    /// The ends of notes that were to be taken back, and may have begun before they could be.
    public var strays: [MIDIMessage] = []
  }

  /// Forgets what the sequencer has just been told to take back: what was due at `time` or later.
  ///
  /// - Parameters:
  ///   - onlyOnsets: whether only starts of notes were taken back, and their ends go out.
  ///   - latest: a time after that at which it was told.
  public mutating func cancel(from time: Seconds, onlyOnsets: Bool = false, before latest: Seconds) -> Cancellation {
    var cancellation = Cancellation()
    var kept = Array(pending[settled...].prefix { $0.time < time })
    for event in pending[(settled + kept.count)...] {
      if onlyOnsets, !event.message.isNoteStart {
        kept.append(event)
      } else if event.time <= latest, !event.message.endsSound {
        // It may have gone out. An end that may have gone out must not be relied on.
        kept.append(event)
        if let end = event.message.noteEnd { cancellation.strays.append(end) }
      } else {
        cancellation.count += 1
      }
    }
    (pending, settled) = (kept, 0)
    return cancellation
  }

  /// What will sound when everything has gone out that is known so far.
  public var sounding: SoundingNotes {
    pending[settled...].reduce(into: delivered) { $0.apply($1.message) }
  }

  /// Forgets what the sequencer has just dropped, and gives the state of the receiver.
  ///
  /// The drop took place between the two times. Beginnings due before the later one may have been delivered;
  /// endings count only where they surely were.
  public mutating func interrupt(after earliest: Seconds, before latest: Seconds) -> SoundingNotes {
    for (time, message) in pending[settled...] {
      if time <= (message.endsSound ? earliest - Self.delivery : latest) { delivered.apply(message) }
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
