/// Escapes text for a terminal or another consumer of lines: control characters, as in a hostile file name, become
/// `\x1B`, bidirectional controls that reorder the line `\u{202E}`, and bytes of a name that are not UTF-8 `\xE9`.
package func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { escape($0) != nil }) else { return text }
  return text.unicodeScalars.reduce(into: "") { result, scalar in
    if let escape = escape(scalar) { result += escape } else { result.unicodeScalars.append(scalar) }
  }
}

private func escape(_ scalar: Unicode.Scalar) -> String? {
  if let byte = scalar.escapedByte { return "\\x\(String(byte, radix: 16, uppercase: true))" }
  switch scalar.properties.generalCategory {
  case .control:
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return scalar.value < 0x80 ? "\\x\(digits.count < 2 ? "0" : "")\(digits)" : "\\u{\(digits)}"
  case .lineSeparator, .paragraphSeparator: return "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  case .format:
    // Characters that isolate or override the writing direction; other format characters, such as those of emoji, are
    // harmless.
    let reorders = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    return reorders ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : nil
  default: return nil
  }
}
