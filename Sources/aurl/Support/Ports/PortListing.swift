import MIDIPorts

/// Ports as text.
enum PortListing {
  static func table(_ ports: [PortInfo]) -> String {
    let heading = ["PORT", "IN", "OUT", "KIND", "CLIENT", "NAME"]
    let rows = [heading] + ports.map(row)
    let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).dropLast().map { $0.trailing(to: $1) + "  " }.joined() + (row.last ?? "") + "\n"
    }.joined()
  }

  private static func row(_ port: PortInfo) -> [String] {
    [
      port.address.description, port.isInput ? "in" : "-", port.isOutput ? "out" : "-", port.kind.rawValue,
      port.clientName, port.name,
    ]
  }

  /// The ports that went and came, a line each.
  static func changes(from old: [PortInfo], to new: [PortInfo], json: Bool) -> String {
    func lines(_ ports: [PortInfo], _ sign: String, _ change: String) -> String {
      ports.map { port in
        json
          ? "{\"change\":\"\(change)\",\"port\":\(object(port))}\n"
          : "\(sign) \(row(port).joined(separator: "  "))\n"
      }.joined()
    }
    return lines(old.filter { !new.contains($0) }, "-", "vanished")
      + lines(new.filter { !old.contains($0) }, "+", "appeared")
  }

  static func json(_ ports: [PortInfo]) -> String {
    "{\"schema\":\"aurl-ports/1\",\"ports\":[\(ports.map(object).joined(separator: ","))]}\n"
  }

  private static func object(_ port: PortInfo) -> String {
    """
    {"address":"\(port.address)","client":\(quoted(port.clientName)),"name":\(quoted(port.name)),\
    "input":\(port.isInput),"output":\(port.isOutput),"kind":"\(port.kind.rawValue)"}
    """
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\u{0}"..<" ":
        "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
