/// Finds a port by its number, its name, or a unique part of its name.
///
/// `20:0` and `20` are numbers. Names are compared first exactly, then as parts of names ignoring case; `Client:Port`
/// is compared on both sides of the colon. The name of a client alone means its first port.
public struct PortQuery: Sendable {
  /// The number, the name or a part of the name of the port.
  public var text: String
  /// Whether the port must be readable or writable.
  public var direction: PortDirection

  /// Creates a query.
  public init(_ text: String, direction: PortDirection) {
    self.text = text
    self.direction = direction
  }

  /// The port of `ports` that the query means.
  ///
  /// - Throws: `PortError.noSuchPort` or `.ambiguousPort`.
  public func resolve(in ports: [PortInfo]) throws(PortError) -> PortInfo {
    let usable = ports.filter { direction == .input ? $0.isInput : $0.isOutput }
      .sorted { $0.address < $1.address }
    if let address = PortAddress(text) {
      if let port = usable.first(where: { $0.address == address }) { return port }
      if !text.contains(":"), let port = usable.first(where: { $0.address.client == address.client }) {
        return port
      }
      throw PortError.noSuchPort(text, direction, listed: usable)
    }
    for rule in [Self.isWhole, Self.isPart] {
      let matches = usable.filter { rule(text, $0) }
      guard let first = matches.first else { continue }
      if matches.count == 1 { return first }
      // Several ports of one client, found by the client's name: its first port.
      let namesClient = matches.allSatisfy {
        $0.address.client == first.address.client && rule(text, $0.named(""))
      }
      if namesClient { return first }
      throw PortError.ambiguousPort(text, matches: matches)
    }
    throw PortError.noSuchPort(text, direction, listed: usable)
  }

  private static func isWhole(_ text: String, _ port: PortInfo) -> Bool {
    [port.clientName, port.name, port.fullName].contains(text)
  }

  private static func isPart(_ text: String, _ port: PortInfo) -> Bool {
    let text = text.lowercased()
    guard !text.isEmpty else { return false }
    if port.fullName.lowercased().contains(text) { return true }
    let sides = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return sides.count == 2 && port.clientName.lowercased().contains(sides[0])
      && port.name.lowercased().contains(sides[1])
  }
}

extension PortInfo {
  fileprivate func named(_ name: String) -> PortInfo {
    var port = self
    port.name = name
    return port
  }
}
