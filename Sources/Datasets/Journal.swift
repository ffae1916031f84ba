internal import Files

/// The journal of a dataset that is being written: a line with the settings, then a line for each input that was processed.
enum Journal {
  static let fileName = "journal.jsonl"

  private struct Header: Codable {
    var format = "aurl-dataset-journal"
    var version = 1
    var settings: String
  }

  /// The records of a journal with these settings up to the first invalid one, and the shards they describe; none if
  /// there is no such journal.
  static func read(_ path: String, settings: String) -> (records: [DatasetWriter.Record], shards: [Int]) {
    guard let bytes = try? readBytes(ofFile: path) else { return ([], []) }
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().makeIterator()
    guard let first = lines.next(), let header = JSONLine.value(first, as: Header.self),
      header.format == "aurl-dataset-journal", header.version == 1, header.settings == settings
    else { return ([], []) }
    var records: [DatasetWriter.Record] = []
    var end = (shard: 0, offset: 0)
    while let line = lines.next(), let record = JSONLine.value(line, as: DatasetWriter.Record.self) {
      if let piece = record.piece {
        let isNext = piece.shard == end.shard && piece.offset == end.offset
        let isFirstOfNext = piece.shard == end.shard + 1 && piece.offset == 0 && end.offset > 0
        guard isNext || isFirstOfNext, (1...Int(Int32.max)).contains(piece.tokens) else { break }
        end = (piece.shard, piece.offset + piece.tokens)
      }
      records.append(record)
    }
    return (records, shards(of: records))
  }

  /// The tokens of each shard that pieces fill.
  static func shards(of records: [DatasetWriter.Record]) -> [Int] {
    var shards: [Int] = []
    for piece in records.lazy.compactMap(\.piece) {
      if piece.shard == shards.count { shards.append(0) }
      shards[piece.shard] += piece.tokens
    }
    return shards
  }

  /// Writes a journal in place of an existing one.
  static func write(_ records: [DatasetWriter.Record], settings: String, to path: String) throws(DatasetError) {
    var bytes = JSONLine.bytes(Header(settings: settings))
    for record in records { bytes += JSONLine.bytes(record) }
    do throws(FileError) { try Files.write(bytes, toFile: path) } catch { throw .file(error) }
  }
}
