public import MusicCore

/// Remembers what was sent a moment ago, so that it is not taken for input, where a connection leads the
/// output back to the input (Midi Through, a DAW that passes on).
public struct FeedbackFilter: Sendable {
  /// How long after it was sent a message may come back.
  public static let window = Seconds(0.03)

  private var sent: [(message: ChannelMessage, time: Seconds)] = []
  /// How many messages came back.
  public private(set) var count = 0

  public init() {}

  /// Records a message that goes out at `time`.
  public mutating func send(_ message: ChannelMessage, at time: Seconds) { sent.append((message, time)) }

  /// Whether a message is one that was sent a moment before; each explains one.
  public mutating func isEcho(_ message: ChannelMessage, at time: Seconds) -> Bool {
    // Clocks of two events are read one after the other.
    sent.removeAll { $0.time < time - Self.window - Seconds(0.001) }
    guard let index = sent.firstIndex(where: { $0.time <= time + Seconds(0.001) && $0.message.isSame(as: message) })
    else { return false }
    sent.remove(at: index)
    count += 1
    return true
  }
}

extension ChannelMessage {
  /// Whether the other is this message; a release may have got another velocity on its way.
  fileprivate func isSame(as other: ChannelMessage) -> Bool {
    guard case .noteOff(let pitch, _) = kind, case .noteOff(let otherPitch, _) = other.kind else {
      return self == other
    }
    return channel == other.channel && pitch == otherPitch
  }
}
