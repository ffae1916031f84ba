/// A port as the sequencer lists it.
public struct PortInfo: Hashable, Sendable {
  /// The address.
  public var address: PortAddress
  /// The name of the client that owns the port.
  public var clientName: String
  /// The name of the port.
  public var name: String
  /// Whether other clients can receive from this port.
  public var isInput: Bool
  /// Whether other clients can send to this port.
  public var isOutput: Bool
  /// Whether a device, a program or the system owns it.
  public var kind: Kind

  /// The kind of device or program that a port belongs to.
  public enum Kind: String, Hashable, Sendable {
    case hardware, software, application, other
  }

  /// Creates a description of a port.
  public init(
    address: PortAddress, clientName: String, name: String, isInput: Bool, isOutput: Bool, kind: Kind
  ) {
    self.address = address
    self.clientName = clientName
    self.name = name
    self.isInput = isInput
    self.isOutput = isOutput
    self.kind = kind
  }

  /// Both names as they are given on a command line: `Client:Port`.
  public var fullName: String { "\(clientName):\(name)" }
}

/// The direction of the music, as seen from this program.
public enum PortDirection: Sendable {
  /// This program receives from the port.
  case input
  /// This program sends to the port.
  case output
}
