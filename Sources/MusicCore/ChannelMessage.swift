/// What a channel can be told while music is played: the messages of a MIDI cable, without their time.
public struct ChannelMessage: Hashable, Sendable {
  public var channel: Channel
  public var kind: Kind

  /// What the message says.
  public enum Kind: Hashable, Sendable {
    /// A key goes down; the velocity is at least 1.
    case noteOn(Pitch, Velocity)
    /// A key comes up, at a release velocity.
    case noteOff(Pitch, Velocity)
    case control(ControlEvent.Message)
  }

  @inlinable
  public init(channel: Channel, kind: Kind) {
    self.channel = channel
    self.kind = kind
  }
}
