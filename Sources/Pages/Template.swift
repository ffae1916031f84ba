/// Text with placeholders of the form `{{name}}`.
struct Template {
  private let text: [UInt8]

  init(_ text: [UInt8]) { self.text = text }

  /// The text with placeholders replaced by their values. Values are not searched for placeholders, and placeholders
  /// without a value are left unchanged.
  func filled(with values: [String: [UInt8]]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count + values.values.reduce(0) { $0 + $1.count })
    var rest = text[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "{")) {
      let inside = rest[start...].dropFirst(2)
      guard rest[start...].starts(with: "{{".utf8), let end = inside.firstIndex(of: UInt8(ascii: "}")),
        let value = values[String(decoding: inside[..<end], as: UTF8.self)]
      else {
        result += rest[...start]
        rest = rest[(start + 1)...]
        continue
      }
      result += rest[..<start] + value
      rest = rest[(end + 2)...]
    }
    return result + rest
  }
}
