internal import Glibc

/// File names as strings that preserve every byte.
///
/// On Linux a name is a sequence of bytes. Most are UTF-8, but names in old archives may be Latin-1 or Shift-JIS, which
/// a `String` cannot represent: `String(cString:)` replaces invalid bytes, and the result names another file. Therefore
/// this package represents each byte of a name that is not valid UTF-8 as one of the private-use characters
/// U+10FF80…U+10FFFF, similar to Python's "surrogateescape" (PEP 383), and converts it back when the name is passed to
/// the system. The UTF-8 encoding of such a character in a name is itself treated as invalid bytes, so that different
/// names have different texts and every text converts back to its name.
///
/// Names enter through `CommandLine.exactArguments`, `FileSystem.environment` and `Folder.names`, and leave through
/// `FileSystem`; in between they are ordinary strings. `printable` formats them for display.
extension String {
  /// The text of a name.
  package init(pathBytes bytes: some Collection<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self), !text.hasEscapedBytes {
      self = text
      return
    }
    self.init()
    var rest = bytes[...]
    while let first = rest.first {
      let scalar = rest.prefix(Self.length(of: first))
      if let text = String(validating: scalar, as: UTF8.self), !text.hasEscapedBytes {
        self += text
        rest = rest.dropFirst(scalar.count)
      } else {
        unicodeScalars.append(Unicode.Scalar(escaping: first))
        rest = rest.dropFirst()
      }
    }
  }

  /// The text of a name that ends with a zero byte.
  package init(path: UnsafePointer<CChar>) {
    let bytes = UnsafeRawBufferPointer(start: path, count: strlen(path))
    self.init(pathBytes: bytes)
  }

  /// The bytes of the name that this text stands for.
  package var pathBytes: [UInt8] {
    guard hasEscapedBytes else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in scalar.escapedByte.map { [$0] } ?? Array(String(scalar).utf8) }
  }

  /// Calls a C function with the name that this text stands for.
  package func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    guard hasEscapedBytes else { return withCString(body) }
    return (pathBytes + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress.unsafelyUnwrapped) }
    }
  }

  /// Whether a name has bytes that are not UTF-8.
  var hasEscapedBytes: Bool {
    // The private-use characters are on the last plane of Unicode, whose UTF-8 begins with 0xF4.
    utf8.contains(0xF4) && unicodeScalars.contains { $0.escapedByte != nil }
  }

  /// The length of a UTF-8 character in bytes, by its first byte.
  private static func length(of first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}

extension Unicode.Scalar {
  private static let base: UInt32 = 0x10_FF00

  /// The character that stands for an invalid byte of at least 0x80.
  init(escaping byte: UInt8) {
    precondition(byte >= 0x80, "bytes below 0x80 are ASCII characters")
    // Every number from U+10FF80 to U+10FFFF is a scalar.
    self = Unicode.Scalar(Self.base + UInt32(byte)).unsafelyUnwrapped
  }

  /// The byte that this character stands for; nil if it is an ordinary character.
  var escapedByte: UInt8? { value >= Self.base + 0x80 ? UInt8(truncatingIfNeeded: value) : nil }
}

extension CommandLine {
  /// The arguments of the program, its own name first, as texts of names (see `String.pathBytes`).
  package static var exactArguments: [String] {
    (0..<Int(argc)).compactMap { index in unsafeArgv[index].map { String(path: $0) } }
  }
}
