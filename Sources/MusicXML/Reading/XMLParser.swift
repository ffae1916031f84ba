/// Reads the bytes of an XML document into a tree.
struct XMLParser {
  /// The maximum nesting depth and number of elements, far above those of any score.
  static let deepest = 64
  static let mostElements = 4_000_000

  private let bytes: [UInt8]
  private var place = 0
  private var nodes: [XMLTree.Node] = []
  /// The open elements, and the last child of each.
  private var open: [(node: Int, lastChild: Int)] = []

  /// - Throws: `MusicXMLError` if the document is malformed or exceeds a limit.
  static func tree(of bytes: [UInt8]) throws(MusicXMLError) -> XMLTree {
    var parser = XMLParser(bytes: utf8(bytes))
    try parser.parse()
    return XMLTree(nodes: parser.nodes)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// The text converted to UTF-8, from UTF-8, UTF-16 with a byte order mark, or declared Latin-1.
  private static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
      let high = bytes[0] == 0xFE ? 0 : 1
      let units = stride(from: 2, to: bytes.count - 1, by: 2).map {
        UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + 1 - high])
      }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    }
    let declaration = String(decoding: bytes.prefix(100), as: UTF8.self).lowercased()
    if declaration.hasPrefix("<?xml"), declaration.contains("iso-8859-1") || declaration.contains("windows-1252") {
      return Array(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).utf8)
    }
    return bytes
  }

  // MARK: Structure

  private mutating func parse() throws(MusicXMLError) {
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "<") else {
        try readText()
        continue
      }
      if has("<!--") {
        try skip(past: "-->")
      } else if has("<![CDATA[") {
        let start = place + 9
        try skip(past: "]]>")
        if let last = open.last { nodes[last.node].text += String(decoding: bytes[start..<place - 3], as: UTF8.self) }
      } else if has("<?") {
        try skip(past: "?>")
      } else if has("<!DOCTYPE") {
        try skipDocumentType()
      } else if has("</") {
        try closeElement()
      } else {
        try openElement()
      }
    }
    guard open.isEmpty else { throw malformed("the element \(nodes[open[open.count - 1].node].name) has no end") }
    guard !nodes.isEmpty else { throw malformed("there is no element") }
  }

  private mutating func openElement() throws(MusicXMLError) {
    guard nodes.isEmpty || !open.isEmpty else { throw malformed("there is more than one root element") }
    guard nodes.count < Self.mostElements else { throw .tooLarge("more than \(Self.mostElements) elements") }
    guard open.count < Self.deepest else { throw .tooLarge("elements are more than \(Self.deepest) deep") }
    place += 1
    var node = XMLTree.Node(name: try name())
    while true {
      skipSpace()
      guard place < bytes.count else { throw malformed("an element is cut short") }
      if has("/>") || has(">") { break }
      let attribute = try name()
      skipSpace()
      guard has("=") else { throw malformed("the attribute \(attribute) has no value") }
      place += 1
      skipSpace()
      guard place < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[place]) else {
        throw malformed("the value of the attribute \(attribute) is not quoted")
      }
      let quote = bytes[place]
      guard let end = bytes[(place + 1)...].firstIndex(of: quote) else { throw malformed("a value has no end") }
      node.attributes.append((attribute, try Self.text(of: bytes[place + 1..<end])))
      place = end + 1
    }
    let index = nodes.count
    nodes.append(node)
    if let last = open.last {
      if last.lastChild < 0 {
        nodes[last.node].firstChild = Int32(index)
      } else {
        nodes[last.lastChild].nextSibling = Int32(index)
      }
      open[open.count - 1].lastChild = index
    }
    if has("/>") {
      place += 2
    } else {
      place += 1
      open.append((index, -1))
    }
  }

  private mutating func closeElement() throws(MusicXMLError) {
    place += 2
    let name = try name()
    skipSpace()
    guard let last = open.popLast(), nodes[last.node].name == name, has(">") else {
      throw malformed("</\(name)> ends no element")
    }
    place += 1
  }

  private mutating func readText() throws(MusicXMLError) {
    let end = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
    if let last = open.last { nodes[last.node].text += try Self.text(of: bytes[place..<end]) }
    place = end
  }

  /// Skips the document type declaration. One with an internal subset is rejected, since it could define entities that
  /// expand without bound.
  private mutating func skipDocumentType() throws(MusicXMLError) {
    while place < bytes.count, bytes[place] != UInt8(ascii: ">") {
      guard bytes[place] != UInt8(ascii: "[") else { throw malformed("a document type with an internal subset") }
      place += 1
    }
    place += 1
  }

  // MARK: Parts

  /// Reads a name.
  private mutating func name() throws(MusicXMLError) -> String {
    let start = place
    while place < bytes.count, !" \t\r\n/>=<\"'".utf8.contains(bytes[place]) { place += 1 }
    guard place > start else { throw malformed("a name is missing") }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func skipSpace() {
    while place < bytes.count, " \t\r\n".utf8.contains(bytes[place]) { place += 1 }
  }

  private mutating func skip(past end: StaticString) throws(MusicXMLError) {
    let start = place
    while place < bytes.count {
      if has(end) {
        place += end.utf8CodeUnitCount
        return
      }
      place += 1
    }
    throw .malformed("the construct that begins here has no \(end)", offset: start)
  }

  private func has(_ text: StaticString) -> Bool {
    guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[place + $0] == text.utf8Start[$0] }
  }

  private func malformed(_ what: String) -> MusicXMLError { .malformed(what, offset: min(place, bytes.count)) }

  /// Text with its entities resolved.
  private static func text(of bytes: ArraySlice<UInt8>) throws(MusicXMLError) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    var (text, rest) = ("", bytes)
    while let ampersand = rest.firstIndex(of: UInt8(ascii: "&")) {
      text += String(decoding: rest[..<ampersand], as: UTF8.self)
      guard let end = rest[ampersand...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
        let character = entity(String(decoding: rest[(ampersand + 1)..<end], as: UTF8.self))
      else { throw .malformed("an entity that XML does not have", offset: ampersand) }
      text.unicodeScalars.append(character)
      rest = rest[(end + 1)...]
    }
    return text + String(decoding: rest, as: UTF8.self)
  }

  private static func entity(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let digits = name.dropFirst()
      let code = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return code.flatMap(Unicode.Scalar.init)
    }
  }
}
