/// A channel message other than a note: a pedal, another controller, a program change, pitch bend or pressure.
public struct ControlEvent: Hashable, Sendable {
  /// Its time.
  public var tick: Tick
  /// The channel that it applies to.
  public var channel: Channel
  /// The message.
  public var message: Message
  /// The port of 16 channels that the event is sent to (meta event 0x21).
  public var port: UInt8
  /// The position in the order of simultaneous events: see `EventStream`.
  public var turn: UInt8

  /// What the event does.
  public enum Message: Hashable, Sendable {
    /// A controller takes a value, 0…127.
    case controller(Controller, UInt8)
    case program(Program)
    /// Pitch bend, −8192…8191 with 0 at the center. The receiver determines the range in semitones, two by default.
    case pitchBend(Int16)
    /// Pressure on the whole channel, 0…127.
    case channelPressure(UInt8)
    /// Pressure on one key, 0…127.
    case keyPressure(Pitch, UInt8)
  }

  /// Creates a message at a tick.
  @inlinable
  public init(tick: Tick, channel: Channel, message: Message, port: UInt8 = 0, turn: UInt8 = 0) {
    self.tick = tick
    self.channel = channel
    self.message = message
    self.port = port
    self.turn = turn
  }
}
