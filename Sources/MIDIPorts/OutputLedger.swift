public import MusicCore

/// What was handed to the sequencer for one port, part of it for later, so that an interruption can end what
/// the receiver has begun to play.
public struct OutputLedger: Sendable {
  /// What the receiver surely has.
  private var delivered = SoundingNotes()
  /// What the sequencer may still hold, in the order in which it was handed over.
  private var pending: [(time: Seconds, message: MIDIMessage)] = []
  private var settled = 0

  /// How long after its time the kernel may still hold an event: queues run on a grid of up to 4 ms.
  private static let delivery = Seconds(0.05)

  public init() {}

  /// True where nothing waits to be delivered.
  public var isSettled: Bool { settled == pending.count }

  /// Takes note of a message that goes out at once. Valid only where `isSettled`.
  public mutating func send(_ message: MIDIMessage) { delivered.apply(message) }

  /// Takes note of a message that goes out at `time`.
  public mutating func schedule(_ message: MIDIMessage, at time: Seconds) {
    guard message.bearsOnSound else { return }
    pending.append((time, message))
  }

  /// Counts as delivered what was due well before `now`. O(1) amortised.
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

  /// Forgets what the sequencer has just dropped, and gives the state of the receiver.
  ///
  /// The drop took place between the two times. Beginnings due before the later one may have been delivered;
  /// endings count only where they surely were.
  public mutating func interrupt(after earliest: Seconds, before latest: Seconds) -> SoundingNotes {
    for (time, message) in pending[settled...].sorted(by: { $0.time < $1.time }) {
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
        [.sustain, .sostenuto, .resetAll, .allNotesOff, .allSoundOff].contains(controller)
      case .control: false
      }
    case .system(.reset): true
    default: false
    }
  }

  fileprivate var endsSound: Bool {
    guard case .channel(let message) = self else { return true }
    return switch message.kind {
    case .noteOn: false
    case .control(.controller(.sustain, let value)), .control(.controller(.sostenuto, let value)): value < 64
    default: true
    }
  }
}
