import MIDIPorts
import Terminal

/// The one port of a command, and what it is connected to: the port that the user named, found again when it
/// comes back, or whatever the user connects.
struct PortConnection {
  let client: SequencerClient
  let port: PortAddress
  let direction: PortDirection
  private let query: PortQuery?
  /// The port that the user named, while it is there.
  private(set) var peer: PortAddress?

  /// Opens a client with a port, and connects it where a port is named.
  init(_ name: String?, direction: PortDirection) async throws {
    do throws(PortError) {
      let client = try SequencerClient(name: "aurl")
      let port = try await Self.createPort(direction, of: client)
      try await self.init(port, of: client, direction, to: name)
    } catch { throw Failure(error) }
    if peer == nil {
      Message.note("\(port) (aurl) waits to be connected\(direction == .input ? "" : "; playing begins then")")
    }
  }

  static func createPort(_ direction: PortDirection, of client: SequencerClient) async throws(PortError) -> PortAddress
  {
    try await client.createPort(name: direction == .input ? "input" : "output", directions: [direction])
  }

  /// Connects a port of a client where a port is named.
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

  /// Waits until the port has something to play to.
  func waitForConnection() async throws {
    if peer != nil { return }
    for await case .change(let change, _) in client.arrivals {
      if case .connected(from: port, _) = change { return }
    }
    throw CancellationError()
  }

  /// Follows a change among the ports: tells the user when the named port goes, and connects it when it is back.
  mutating func follow(_ change: PortChange) async {
    if let old = peer, change.ends(old) {
      peer = nil
      Message.note("\(old) has vanished; waiting for it")
    } else if case .portAppeared(let address) = change, address.client != port.client, peer == nil {
      // The client may have got its name, or the port its rights, only after it appeared.
      try? await Task.sleep(for: .milliseconds(20))
    } else {
      return
    }
    // Another of the name may have been there before this one went.
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
