public import MusicCore

/// Recognizes messages that were sent a moment ago and come back as input, because a connection leads from the output
/// to the input (Midi Through, a DAW that forwards its input).
public struct FeedbackFilter: Sendable {
  /// The longest time after which a message may come back.
  public static let window = Seconds(0.03)

  private var sent: [(message: ChannelMessage, time: Seconds)] = []
  /// The number of messages that came back.
  public private(set) var count = 0

  /// Creates a filter that has not seen any message.
  public init() {}

  /// Records a message that goes out at `time`.
  public mutating func send(_ message: ChannelMessage, at time: Seconds) { sent.append((message, time)) }

  /// Whether a message repeats one that was sent a moment before. Each sent message accounts for one echo.
  public mutating func isEcho(_ message: ChannelMessage, at time: Seconds) -> Bool {
    // The clock is read once for each of the two events, so allow for a small difference.
    sent.removeAll { $0.time < time - Self.window - Seconds(0.001) }
    guard let index = sent.firstIndex(where: { $0.time <= time + Seconds(0.001) && $0.message.isSame(as: message) })
    else { return false }
    sent.remove(at: index)
    count += 1
    return true
  }
}

extension ChannelMessage {
  /// Whether the messages are equal, apart from release velocities, which may change on the way.
  fileprivate func isSame(as other: ChannelMessage) -> Bool {
    guard case .noteOff(let pitch, _) = kind, case .noteOff(let otherPitch, _) = other.kind else {
      return self == other
    }
    return channel == other.channel && pitch == otherPitch
  }
}
