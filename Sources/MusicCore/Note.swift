/// A note of a score: its pitch, velocity, onset and end.
public struct Note: Hashable, Sendable {
  /// When it starts.
  public var onset: Tick
  /// Not before the onset; equal to it for a note of zero length.
  public var end: Tick
  /// Its key number.
  public var pitch: Pitch
  /// How hard its key was struck.
  public var velocity: Velocity
  /// Its channel.
  public var channel: Channel
  /// The release velocity; 64 if the instrument does not send one.
  public var releaseVelocity: Velocity
  /// The port of 16 channels that the note is played on (meta event 0x21).
  public var port: UInt8
  /// The position of its start in the order of simultaneous events: see `EventStream`.
  public var onsetTurn: UInt8
  /// The position of its end in that order.
  public var endTurn: UInt8

  /// Creates a note.
  @inlinable
  public init(
    onset: Tick, end: Tick, pitch: Pitch, velocity: Velocity, channel: Channel = Channel(status: 0),
    releaseVelocity: Velocity = Velocity(masking: 64), port: UInt8 = 0, onsetTurn: UInt8 = 0, endTurn: UInt8 = 0
  ) {
    self.onset = onset
    self.end = end
    self.pitch = pitch
    self.velocity = velocity
    self.channel = channel
    self.releaseVelocity = releaseVelocity
    self.port = port
    self.onsetTurn = onsetTurn
    self.endTurn = endTurn
  }

  /// The time from onset to end.
  public var duration: Tick { end - onset }
}
