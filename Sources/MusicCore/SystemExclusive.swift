/// A system exclusive message, whole.
public struct SystemExclusive: Hashable, Sendable {
  public var tick: Tick
  /// Everything between F0 and F7, both left out.
  public var bytes: [UInt8]

  public init(tick: Tick, bytes: [UInt8]) {
    self.tick = tick
    self.bytes = bytes
  }
}
