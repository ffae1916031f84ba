import Datasets

/// A table of the pieces of a corpus: tabs between columns, the first line with their names. `path` must be there,
/// relative to the folder of music; `split` and `group` can.
struct CorpusManifest {
  struct Row {
    var split: Split?
    var group: String?
  }

  private(set) var rows: [String: Row] = [:]

  /// Reads a manifest.
  init(path: String) throws(Failure) {
    let text = String(decoding: try Input.bytes(of: path), as: UTF8.self)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().makeIterator()
    let names = lines.next().map { Self.fields($0.element) } ?? []
    guard let pathColumn = names.firstIndex(of: "path") else {
      throw Failure(.malformedInput, path, "the first line names no column \"path\" (columns are separated by tabs)")
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
        throw Failure(.malformedInput, path, "line \(number + 1) has no path")
      }
      var row = Row(group: field(groupColumn))
      if let split = field(splitColumn) {
        row.split = Split(rawValue: split)
        guard row.split != nil else {
          throw Failure(.malformedInput, path, "line \(number + 1): the split is \"\(split)\", not train or valid")
        }
      }
      rows[file] = row
    }
  }

  private static func fields(_ line: Substring) -> [String] {
    line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
}
