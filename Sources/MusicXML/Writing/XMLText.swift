internal import Text

/// XML that is being written, indented by its depth.
struct XMLText {
  private(set) var text = ""
  private var depth = 0

  mutating func write(_ line: String) {
    text += String(repeating: " ", count: 2 * depth)
    text += line
    text += "\n"
  }

  mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
    write("<\(name)\(Self.text(of: attributes))>")
    depth += 1
  }

  mutating func close(_ name: String) {
    depth -= 1
    write("</\(name)>")
  }

  mutating func empty(_ name: String, _ attributes: [(String, String)] = []) {
    write("<\(name)\(Self.text(of: attributes))/>")
  }

  mutating func leaf(_ name: String, _ content: String, _ attributes: [(String, String)] = []) {
    write("<\(name)\(Self.text(of: attributes))>\(Self.escaped(content))</\(name)>")
  }

  private static func text(of attributes: [(String, String)]) -> String {
    attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
  }

  /// Text with markup characters escaped as entities, and without characters that XML does not allow.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n": escaped += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: break
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A number without trailing zeros.
  static func number(_ value: Double, decimals: Int) -> String {
    var text = decimal(value, decimals)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text
  }
}
