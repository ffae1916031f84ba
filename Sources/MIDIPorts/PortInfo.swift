/// A port as the sequencer lists it.
public struct PortInfo: Hashable, Sendable {
  public var address: PortAddress
  public var clientName: String
  public var name: String
  /// Others may receive what this port sends.
  public var isInput: Bool
  /// Others may send to this port.
  public var isOutput: Bool
  public var kind: Kind

  /// The kind of device or program that a port belongs to.
  public enum Kind: String, Hashable, Sendable {
    case hardware, software, application, other
  }

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

/// Which way music goes through a port, as seen from this program.
public enum PortDirection: Sendable {
  /// The port is received from.
  case input
  /// The port is sent to.
  case output
}
