extension Manuscript {
  /// Reads a source.
  ///
  /// - Throws: the first syntax error, with its line and column.
  package init(_ source: String) throws(NotationError) {
    characters = Array(source.unicodeScalars)
    try read()
  }

  /// Reads a source from the bytes of a file.
  package init(bytes: [UInt8]) throws(NotationError) {
    guard let source = String(validating: bytes, as: UTF8.self) else {
      throw NotationError(line: 1, column: 1, reason: .notText)
    }
    try self.init(source)
  }

  /// An error at a place in the source.
  func error(_ reason: NotationError.Reason, at offset: Int) -> NotationError {
    let before = characters.prefix(offset)
    let line = before.count { $0 == "\n" } + 1
    let column = offset - (before.lastIndex(of: "\n") ?? -1)
    return NotationError(line: line, column: column, reason: reason)
  }

  private mutating func read() throws(NotationError) {
    var reader = LineReader()
    for line in try lines() {
      try reader.read(line, into: &self)
    }
    try reader.finish(&self)
  }

  /// The labeled lines of the source, each with its continuation lines.
  private func lines() throws(NotationError) -> [Line] {
    var lines: [Line] = []
    var canContinue = false
    var start = 0
    while start < characters.count {
      let end = characters[start...].firstIndex(of: "\n") ?? characters.count
      defer { start = end + 1 }
      guard let first = characters[start..<end].firstIndex(where: { !$0.isBlank }) else {
        canContinue = false
        continue
      }
      if characters[first] == "#" { continue }
      if first > start {
        guard canContinue else { throw error(.noLabel, at: first) }
        lines[lines.count - 1].content = lines[lines.count - 1].content.lowerBound..<end
        continue
      }
      guard let colon = characters[start..<end].firstIndex(of: ":") else { throw error(.noLabel, at: first) }
      let label = String(String.UnicodeScalarView(characters[start..<colon]))
      lines.append(Line(label: label, offset: start, content: colon + 1..<end))
      canContinue = true
    }
    return lines
  }
}

/// A label and what follows its colon.
struct Line {
  var label: String
  var offset: Int
  var content: Range<Int>
}
