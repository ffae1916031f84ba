public import MusicCore

/// An input of a sequencer client; inputs come in the order in which the kernel delivered them.
public enum Arrival: Hashable, Sendable {
  /// A message, the port that sent it, and the time of its delivery on the client's clock.
  case message(MIDIMessage, from: PortAddress, at: Seconds)
  /// A change of the system's ports or connections.
  case change(PortChange, at: Seconds)
  /// The input pool was full: this many events are lost. A lower bound if the kernel keeps no exact count.
  case lost(events: Int)
  /// The client's time, after everything that arrived before it. Only on request (`reportTime`).
  case time(Seconds)
}

/// An event of the sequencer's announce port.
public enum PortChange: Hashable, Sendable {
  case clientAppeared(UInt8)
  case clientVanished(UInt8)
  case clientChanged(UInt8)
  case portAppeared(PortAddress)
  case portVanished(PortAddress)
  case portChanged(PortAddress)
  case connected(from: PortAddress, to: PortAddress)
  case disconnected(from: PortAddress, to: PortAddress)

  /// Whether this is the end of the port at `address`.
  public func ends(_ address: PortAddress) -> Bool {
    switch self {
    case .clientVanished(let client): client == address.client
    case .portVanished(let port): port == address
    default: false
    }
  }

  /// Whether this is about a connection of the port at `address`.
  public func connects(_ address: PortAddress) -> Bool {
    switch self {
    case .connected(let from, let to), .disconnected(let from, let to): from == address || to == address
    default: false
    }
  }
}
