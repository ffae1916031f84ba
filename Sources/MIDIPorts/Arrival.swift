public import MusicCore

/// What comes in through a sequencer client, in the order in which the kernel gave it.
public enum Arrival: Hashable, Sendable {
  /// A message, the port that sent it, and when it was delivered on the client's clock.
  case message(MIDIMessage, from: PortAddress, at: Seconds)
  /// Something changed among the ports of the system.
  case change(PortChange, at: Seconds)
  /// The input was full: this many events are lost, at least where the kernel keeps no exact count.
  case lost(events: Int)
  /// The client's clock; everything that came before has been delivered. Only where it was asked for.
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

  /// True where this is the end of the port at `address`.
  public func ends(_ address: PortAddress) -> Bool {
    switch self {
    case .clientVanished(let client): client == address.client
    case .portVanished(let port): port == address
    default: false
    }
  }

  /// True where this is about a connection of the port at `address`.
  public func connects(_ address: PortAddress) -> Bool {
    switch self {
    case .connected(let from, let to), .disconnected(let from, let to): from == address || to == address
    default: false
    }
  }
}
