import MIDIPorts
import Text

/// Ports as text.
enum PortListing {
  static func table(_ ports: [PortInfo]) -> String {
    let heading = ["PORT", "IN", "OUT", "KIND", "CLIENT", "NAME"]
    let rows = [heading] + ports.map(row)
    let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).dropLast().map { $0.padded(to: $1) + "  " }.joined() + (row.last ?? "")
    }.joined(separator: "\n")
  }

  private static func row(_ port: PortInfo) -> [String] {
    [
      port.address.description, port.isInput ? "in" : "-", port.isOutput ? "out" : "-", port.kind.rawValue,
      port.clientName, port.name,
    ]
  }

  /// All ports, as the JSON of `aurl ports`.
  struct Report: Encodable {
    var schema = "aurl-ports/1"
    var ports: [Port]

    init(_ ports: [PortInfo]) { self.ports = ports.map(Port.init) }
  }

  struct Port: Encodable {
    var address: String
    var client: String
    var name: String
    var input: Bool
    var output: Bool
    var kind: String

    init(_ port: PortInfo) {
      address = port.address.description
      (client, name) = (port.clientName, port.name)
      (input, output) = (port.isInput, port.isOutput)
      kind = port.kind.rawValue
    }
  }

  /// A port that appeared or vanished.
  struct Change: Encodable {
    var change: String
    var port: Port
  }

  /// One line per port that vanished or appeared.
  static func changes(from old: [PortInfo], to new: [PortInfo], json: Bool) throws -> [String] {
    func lines(_ ports: [PortInfo], _ sign: String, _ change: String) throws -> [String] {
      try ports.map { port in
        json
          ? try JSONText.line(Change(change: change, port: Port(port)))
          : "\(sign) \(row(port).joined(separator: "  "))"
      }
    }
    return try lines(old.filter { !new.contains($0) }, "-", "vanished")
      + lines(new.filter { !old.contains($0) }, "+", "appeared")
  }
}
