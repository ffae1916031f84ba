internal import Glibc

/// The names of files as text that keeps every byte.
///
/// To Linux a name is bytes. Most are UTF-8, but those of old archives are Latin-1 or Shift-JIS, and a `String` cannot
/// hold them: `String(cString:)` replaces what is not UTF-8, and the result names another file. So everywhere in this
/// package each byte of a name that is not part of UTF-8 is one of the private characters U+10FF80…U+10FFFF, as with
/// Python's "surrogateescape" (PEP 383), and becomes that byte again where the name is given to the system. A name that
/// contains such a character is taken for bytes that are not UTF-8, so that different names have different texts and
/// every text leads back to its name.
///
/// Names come in by `CommandLine.exactArguments`, `FileSystem.environment` and `Folder.names`, and go out by
/// `FileSystem`; in between they are joined and taken apart like any text. `printable` writes them for people.
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

  /// The bytes of the name that this is the text of.
  package var pathBytes: [UInt8] {
    guard hasEscapedBytes else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in scalar.escapedByte.map { [$0] } ?? Array(String(scalar).utf8) }
  }

  /// Calls a function of C with the name that this is the text of.
  package func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    guard hasEscapedBytes else { return withCString(body) }
    return (pathBytes + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress.unsafelyUnwrapped) }
    }
  }

  /// Whether a name has bytes that are not UTF-8.
  var hasEscapedBytes: Bool {
    // All of them are on the last plane of Unicode, whose UTF-8 begins with 0xF4.
    utf8.contains(0xF4) && unicodeScalars.contains { $0.escapedByte != nil }
  }

  /// The bytes of a character in UTF-8, by its first one.
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

  /// The character that stands for a byte from 0x80 that is not part of UTF-8.
  init(escaping byte: UInt8) {
    precondition(byte >= 0x80, "bytes below 0x80 are characters")
    // Every number from U+10FF80 to U+10FFFF is a scalar.
    self = Unicode.Scalar(Self.base + UInt32(byte)).unsafelyUnwrapped
  }

  /// The byte that this stands for; nil where it is a character.
  var escapedByte: UInt8? { value >= Self.base + 0x80 ? UInt8(truncatingIfNeeded: value) : nil }
}

extension CommandLine {
  /// The arguments of the program, its own name first, as texts of names (see `String.pathBytes`).
  package static var exactArguments: [String] {
    (0..<Int(argc)).compactMap { index in unsafeArgv[index].map { String(path: $0) } }
  }
}
