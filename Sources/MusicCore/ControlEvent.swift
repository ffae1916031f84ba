/// A channel message other than a note: a pedal, a controller, a change of sound, a bend.
public struct ControlEvent: Hashable, Sendable {
  public var tick: Tick
  public var channel: Channel
  public var message: Message
  /// Which of several ports of 16 channels the event is for (meta event 0x21).
  public var port: UInt8
  /// The turn among the events of its instant in which it comes: see `EventStream`.
  public var turn: UInt8

  /// What the event does.
  public enum Message: Hashable, Sendable {
    /// A controller takes a value, 0…127.
    case controller(Controller, UInt8)
    case program(Program)
    /// −8192…8191; 0 is the middle. The range in semitones is the receiver's, two by default.
    case pitchBend(Int16)
    /// Pressure on the whole channel, 0…127.
    case channelPressure(UInt8)
    /// Pressure on one key, 0…127.
    case keyPressure(Pitch, UInt8)
  }

  @inlinable
  public init(tick: Tick, channel: Channel, message: Message, port: UInt8 = 0, turn: UInt8 = 0) {
    self.tick = tick
    self.channel = channel
    self.message = message
    self.port = port
    self.turn = turn
  }
}
