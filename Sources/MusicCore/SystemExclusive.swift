/// A complete system exclusive message at a tick.
public struct SystemExclusive: Hashable, Sendable {
  /// Its time.
  public var tick: Tick
  /// Everything between F0 and F7, both left out.
  public var bytes: [UInt8]
  /// The port that it is sent to (meta event 0x21).
  public var port: UInt8
  /// The position in the order of simultaneous events: see `EventStream`.
  public var turn: UInt8

  /// Creates a message from the bytes between F0 and F7.
  public init(tick: Tick, bytes: [UInt8], port: UInt8 = 0, turn: UInt8 = 0) {
    self.tick = tick
    self.bytes = bytes
    self.port = port
    self.turn = turn
  }
}
