/// A channel message of MIDI 1.0, without a time.
public struct ChannelMessage: Hashable, Sendable {
  /// The channel.
  public var channel: Channel
  /// The message without its channel.
  public var kind: Kind

  /// The kinds of channel messages.
  public enum Kind: Hashable, Sendable {
    /// A key goes down; the velocity is at least 1.
    case noteOn(Pitch, Velocity)
    /// A key comes up, at a release velocity.
    case noteOff(Pitch, Velocity)
    case control(ControlEvent.Message)
  }

  /// Creates a message.
  @inlinable
  public init(channel: Channel, kind: Kind) {
    self.channel = channel
    self.kind = kind
  }
}
