internal import Files

/// A table of the pieces of a corpus: tabs between columns, the first line with their names. The column `path` is required,
/// relative to the folder of music; `split` and `group` are optional.
package struct CorpusManifest: Hashable, Sendable {
  /// A row of the table.
  package struct Row: Hashable, Sendable {
    package var split: Split?
    /// The work that the piece belongs to.
    package var group: String?

    package init(split: Split? = nil, group: String? = nil) { (self.split, self.group) = (split, group) }
  }

  /// The rows by path.
  package private(set) var rows: [String: Row] = [:]

  /// Reads the text of a manifest.
  ///
  /// - Parameter path: The path that errors name.
  /// - Throws: `DatasetError.malformed` with the number of the first invalid line.
  package init(_ bytes: [UInt8], path: String) throws(DatasetError) {
    let text = String(pathBytes: bytes)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().makeIterator()
    let names = lines.next().map { Self.fields($0.element) } ?? []
    guard let pathColumn = names.firstIndex(of: "path") else {
      throw .malformed(
        path: path, reason: "the first line has no column \"path\" (columns are separated by tabs)")
    }
    let splitColumn = names.firstIndex(of: "split")
    let groupColumn = names.firstIndex(of: "group")
    while let (number, line) = lines.next() {
      if line.isEmpty { continue }
      let fields = Self.fields(line)
      func field(_ column: Int?) -> String? {
        column.flatMap { $0 < fields.count && !fields[$0].isEmpty ? fields[$0] : nil }
      }
      guard let file = field(pathColumn) else {
        throw .malformed(path: path, reason: "line \(number + 1) has no path")
      }
      var row = Row(group: field(groupColumn))
      if let split = field(splitColumn) {
        row.split = Split(rawValue: split)
        guard row.split != nil else {
          throw .malformed(
            path: path, reason: "line \(number + 1): the split is \"\(split)\", not train, valid or test")
        }
      }
      rows[file] = row
    }
  }

  private static func fields(_ line: Substring) -> [String] {
    line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
}
