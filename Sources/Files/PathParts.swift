/// The parts of paths. Slashes and dots are searched for as bytes: a name may begin with a combining accent, which
/// would form one character with the slash before it.
extension String {
  private var lastSlash: Index? { utf8.lastIndex(of: UInt8(ascii: "/")) }

  /// The name of the file, after the last slash.
  package var fileName: String { lastSlash.map { String(self[utf8.index(after: $0)...]) } ?? self }

  /// The folder of a file: the path before the last slash, `.` if there is none, and `/` at the root.
  package var folderPath: String {
    guard let slash = lastSlash else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }

  /// The text after the last dot of a file name; empty if there is none.
  package var fileExtension: Substring { dot.map { self[utf8.index(after: $0)...] } ?? "" }

  /// Whether a file name ends in a dot and an extension, ignoring case.
  ///
  /// - Parameter fileExtension: in lowercase; it may have two parts, such as `mid.gz`.
  package func hasExtension(_ fileExtension: String) -> Bool {
    let (name, end) = (fileName.lowercased().utf8, ".\(fileExtension)".utf8)
    return name.count > end.count && name.suffix(end.count).elementsEqual(end)
  }

  /// The path without its extension.
  package var withoutExtension: String {
    guard let dot, utf8.index(after: dot) != endIndex else { return self }
    return String(self[..<dot])
  }

  /// The dot before the extension. A name that only begins with one has none.
  private var dot: Index? {
    let start = lastSlash.map(utf8.index(after:)) ?? startIndex
    guard let dot = utf8[start...].lastIndex(of: UInt8(ascii: ".")), dot != start else { return nil }
    return dot
  }

  /// The path without trailing slashes; `/` stays.
  package var withoutTrailingSlashes: String {
    var path = self[...]
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") {
      path = path[..<path.utf8.index(before: path.endIndex)]
    }
    return String(path)
  }
}
