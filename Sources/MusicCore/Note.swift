/// A note of a score: what is played, how hard, and from when to when.
public struct Note: Hashable, Sendable {
  public var onset: Tick
  /// Not before the onset; equal to it in a note of no length.
  public var end: Tick
  public var pitch: Pitch
  public var velocity: Velocity
  public var channel: Channel
  /// How fast the key is let go; 64 where the instrument does not say.
  public var releaseVelocity: Velocity

  @inlinable
  public init(
    onset: Tick, end: Tick, pitch: Pitch, velocity: Velocity, channel: Channel = Channel(status: 0),
    releaseVelocity: Velocity = Velocity(clamping: 64)
  ) {
    self.onset = onset
    self.end = end
    self.pitch = pitch
    self.velocity = velocity
    self.channel = channel
    self.releaseVelocity = releaseVelocity
  }

  public var duration: Tick { end - onset }
}
