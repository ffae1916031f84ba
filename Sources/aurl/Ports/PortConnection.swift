import MIDIPorts
import Terminal

/// The port of a command and its connection: to the port that the user named, which is reconnected when it comes back,
/// or to whatever the user connects.
struct PortConnection {
  let client: SequencerClient
  let port: PortAddress
  let direction: PortDirection
  private let query: PortQuery?
  /// The port that the user named, while it exists.
  private(set) var peer: PortAddress?

  /// Opens a client with a port, and connects it if a port is named.
  init(_ name: String?, direction: PortDirection) async throws {
    do throws(PortError) {
      let client = try SequencerClient(name: "aurl")
      let port = try await Self.createPort(direction, of: client)
      try await self.init(port, of: client, direction, to: name)
    } catch { throw Failure(error) }
    if peer == nil {
      Message.note("\(port) (aurl) waits to be connected\(direction == .input ? "" : "; playing starts then")")
    }
  }

  static func createPort(_ direction: PortDirection, of client: SequencerClient) async throws(PortError) -> PortAddress
  {
    try await client.createPort(name: direction == .input ? "input" : "output", directions: [direction])
  }

  /// Connects a port of a client if a port is named.
  init(
    _ port: PortAddress, of client: SequencerClient, _ direction: PortDirection, to name: String?
  ) async throws(PortError) {
    (self.port, self.client, self.direction) = (port, client, direction)
    query = name.map { PortQuery($0, direction: direction) }
    if let query { try await connect(to: query.resolve(in: client.ports())) }
  }

  private mutating func connect(to other: PortInfo) async throws(PortError) {
    try await client.connect(port, direction, other.address)
    peer = other.address
  }

  /// Waits until the port is connected.
  func waitForConnection() async throws {
    if peer != nil { return }
    for await case .change(let change, _) in client.arrivals {
      if case .connected(from: port, _) = change { return }
    }
    throw CancellationError()
  }

  /// Handles a change of ports: reports when the named port vanishes, and connects it when it is back.
  mutating func follow(_ change: PortChange) async {
    if let old = peer, change.ends(old) {
      peer = nil
      Message.note("\(old) has vanished; waiting for it")
    } else if case .portAppeared(let address) = change, address.client != port.client, peer == nil {
      // The client may get its name, and the port its permissions, only after it appears.
      try? await Task.sleep(for: .milliseconds(20))
    } else {
      return
    }
    // Another port may have the same name.
    guard let query, let found = try? query.resolve(in: await client.ports()) else { return }
    guard (try? await connect(to: found)) != nil else { return }
    Message.note("\(found.address) (\(found.fullName)) is back")
  }
}

extension Failure {
  init(_ error: PortError) {
    let status: ExitStatus =
      switch error {
      case .unavailable, .noSuchPort, .vanished: .unavailable
      case .ambiguousPort: .usage
      case .refused: .inputOutput
      }
    self.init(status, nil, error.description)
  }
}
