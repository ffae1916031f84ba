/// A streaming JSON scanner, driven by the caller: neither recursion depth nor memory depends on the text.
///
/// Strict (RFC 8259): no comments, no trailing commas, valid UTF-8, and no duplicate names in an object.
struct HeaderScanner {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next byte that is not white space, without consuming it.
  private mutating func peek() -> UInt8? {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// Consumes a punctuation mark if it is next.
  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: mark) else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ mark: Unicode.Scalar, _ what: String) throws(Flaw) {
    guard take(mark) else { throw unexpected(what) }
  }

  /// An error at the next byte.
  private mutating func unexpected(_ what: String) -> Flaw {
    _ = peek()
    let found = offset < bytes.count ? "" : ", where it ends"
    return Flaw("the header is invalid at byte \(offset)\(found): \(what) expected")
  }

  /// Reads an object; `member` is called with each name and reads its value.
  mutating func object(
    _ what: String, _ member: (inout HeaderScanner, String) throws(Flaw) -> Void
  ) throws(Flaw) {
    try expect("{", what)
    guard !take("}") else { return }
    var names: Set<String> = []
    repeat {
      let name = try string("a name in quotes")
      guard names.insert(name).inserted else { throw Flaw("the header has \(quoted(name)) twice in \(what)") }
      try expect(":", "\":\"")
      try member(&self, name)
    } while take(",")
    try expect("}", "\",\" or \"}\"")
  }

  /// Reads an array; `element` reads each of its elements.
  mutating func array(_ what: String, _ element: (inout HeaderScanner) throws(Flaw) -> Void) throws(Flaw) {
    try expect("[", what)
    guard !take("]") else { return }
    repeat { try element(&self) } while take(",")
    try expect("]", "\",\" or \"]\"")
  }

  /// Reads a non-negative integer, without sign, point or exponent.
  mutating func count(_ what: String) throws(Flaw) -> Int {
    guard let first = peek(), (0x30...0x39).contains(first) else { throw unexpected(what) }
    let start = offset
    var value = 0
    while offset < bytes.count, case let byte = bytes[offset], (0x30...0x39).contains(byte) {
      let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowsToo) = tens.addingReportingOverflow(Int(byte - 0x30))
      guard !overflows, !overflowsToo else { throw Flaw("the header has a number at byte \(start) that is too large") }
      value = sum
      offset += 1
    }
    let isWhole = offset == bytes.count || ![0x2E, 0x65, 0x45].contains(bytes[offset])
    guard isWhole, first != 0x30 || offset == start + 1 else {
      offset = start
      throw unexpected(what)
    }
    return value
  }

  /// Checks that only white space is left.
  mutating func end() throws(Flaw) { if peek() != nil { throw unexpected("the end") } }

  /// Reads a string.
  mutating func string(_ what: String) throws(Flaw) -> String {
    try expect("\"", what)
    let start = offset
    var text: [UInt8] = []
    var copied = start
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        text += bytes[copied..<offset]
        offset += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw Flaw("the header has text at byte \(start) that is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        text += bytes[copied..<offset]
        offset += 1
        text += try escape()
        copied = offset
      case ..<0x20: throw unexpected("text without control characters")
      default: offset += 1
      }
    }
    throw unexpected("the end of a text")
  }

  /// Reads the escape sequence after a backslash, as UTF-8.
  private mutating func escape() throws(Flaw) -> [UInt8] {
    guard offset < bytes.count else { throw unexpected("an escape") }
    defer { offset += 1 }
    switch bytes[offset] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [bytes[offset]]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): break
    default: throw unexpected("an escape")
    }
    var units = [try codeUnit(at: offset + 1)]
    offset += 4
    if UTF16.isLeadSurrogate(units[0]), offset + 2 < bytes.count, bytes[offset + 1] == UInt8(ascii: "\\"),
      bytes[offset + 2] == UInt8(ascii: "u")
    {
      units.append(try codeUnit(at: offset + 3))
      offset += 6
    }
    guard let text = String(validating: units, as: UTF16.self) else { throw unexpected("a pair of surrogates") }
    return Array(text.utf8)
  }

  /// The four hexadecimal digits at an offset.
  private mutating func codeUnit(at start: Int) throws(Flaw) -> UInt16 {
    guard start + 4 <= bytes.count,
      bytes[start..<start + 4].allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let unit = UInt16(String(decoding: bytes[start..<start + 4], as: UTF8.self), radix: 16)
    else { throw unexpected("four hexadecimal digits") }
    return unit
  }
}
