internal import Files

/// Writes a dataset incrementally, so that an interrupted build can be resumed.
///
/// Everything is written to the folder `PATH.partial`, with a journal that has a line for each processed input. `finish()`
/// renames the folder, so that a dataset is complete or absent. A full disk or a signal leaves the partial
/// folder; a writer opened again with the same settings continues where the journal ends.
public final class DatasetWriter {
  /// The result for an input: a line of the journal.
  public struct Record: Codable, Hashable, Sendable {
    /// The input's name, size in bytes and time of modification in ns, by which unchanged files are recognized.
    public var input: String
    /// The size of the input in bytes.
    public var size: Int
    /// The modification time of the input, in nanoseconds since 1970.
    public var modified: Int
    /// The piece, or the reason why the input was skipped.
    public var piece: Piece?
    /// Why the input has no piece; nil if it has one.
    public var skipped: String?

    /// Creates a record.
    public init(input: String, size: Int, modified: Int, piece: Piece? = nil, skipped: String? = nil) {
      self.input = input
      self.size = size
      self.modified = modified
      self.piece = piece
      self.skipped = skipped
    }
  }

  /// The results so far, in order.
  public private(set) var records: [Record] = []
  private let path: String
  private let folder: WorkFolder
  private let settings: String
  private let shardLength: Int
  private var journal: AppendedFile
  private var shard: AppendedFile
  private var layout: ShardLayout

  /// Starts writing the dataset `path`, or resumes it if it was begun with the same `settings`.
  ///
  /// - Parameters:
  ///   - settings: a text that identifies every setting that affects the result.
  ///   - shardLength: the maximum number of tokens in a shard.
  /// - Throws: `DatasetError` if the folder cannot be created, another program uses it, or `path` is something else.
  public init(path: String, settings: String, shardLength: Int = 1 << 26) throws(DatasetError) {
    try WorkFolder.check(destination: path)
    let folder = try WorkFolder(path: path + ".partial")
    let (records, shards) = Journal.read(folder.path(Journal.fileName), settings: settings)
    let journal = try AppendedFile(path: folder.path(Journal.fileName))
    let shard = try AppendedFile(path: folder.path(DatasetIndex.shardName(max(0, shards.count - 1))))
    (self.path, self.settings, self.shardLength) = (path, settings, shardLength)
    (self.records, layout) = (records, ShardLayout(lengths: shards, limit: shardLength))
    (self.folder, self.journal, self.shard) = (folder, journal, shard)
    try keep(firstDamagedRecord() ?? records.count)
  }

  /// Discards the results of all inputs from number `count` on.
  public func keep(_ count: Int) throws(DatasetError) {
    records.removeLast(max(0, records.count - count))
    layout = ShardLayout(lengths: Journal.shards(of: records), limit: shardLength)
    let lengths = layout.lengths
    try folder.removeShards(from: max(1, lengths.count))
    for (number, length) in (lengths.isEmpty ? [0] : lengths).enumerated() {
      shard = try AppendedFile(path: folder.path(DatasetIndex.shardName(number)))
      try shard.truncate(to: 2 * length)
    }
    try Journal.write(records, settings: settings, to: folder.path(Journal.fileName))
    journal = try AppendedFile(path: folder.path(Journal.fileName))
  }

  /// The number of the first piece whose tokens on disk do not match the journal.
  private func firstDamagedRecord() -> Int? {
    records.firstIndex { record in
      guard let piece = record.piece else { return false }
      guard let tokens = tokens(of: piece) else { return true }
      return tokens.withUnsafeBytes(SHA256.hex(of:)) != piece.sha256
    }
  }

  /// The tokens of a piece that was written, or nil if they cannot be read.
  public func tokens(of piece: Piece) -> [UInt16]? {
    AppendedFile.read(
      folder.path(DatasetIndex.shardName(piece.shard)), tokens: piece.tokens, at: piece.offset)
  }

  /// Adds the tokens of an input, at least one, and fills in their place and digest.
  public func append(_ tokens: [UInt16], as record: Record) throws(DatasetError) {
    precondition(!tokens.isEmpty && record.piece != nil, "a piece has tokens")
    var record = record
    let place = layout.place(tokens.count)
    if place.shard > 0, place.offset == 0 {
      try shard.synchronize()
      shard = try AppendedFile(path: folder.path(DatasetIndex.shardName(place.shard)))
    }
    record.piece?.shard = place.shard
    record.piece?.offset = place.offset
    record.piece?.tokens = tokens.count
    record.piece?.sha256 = tokens.withUnsafeBytes(SHA256.hex(of:))
    try shard.append(tokens)
    try add(record)
  }

  /// Records that an input was skipped.
  public func skip(_ record: Record) throws(DatasetError) { try add(record) }

  private func add(_ record: Record) throws(DatasetError) {
    try journal.append(JSONLine.bytes(record))
    records.append(record)
  }

  /// Writes the index and moves the dataset to its place, replacing an older one.
  public func finish() throws(DatasetError) {
    try shard.synchronize()
    try finish(DatasetIndex(pieces: records.compactMap(\.piece), shards: layout.lengths))
  }

  /// The same with only some of the pieces, in the given order. O(tokens).
  package func finish(_ pieces: [Piece]) throws(DatasetError) {
    guard pieces != records.compactMap(\.piece) else { return try finish() }
    try folder.removeSorted()
    var layout = ShardLayout(limit: shardLength)
    var sorted: AppendedFile?
    var placed: [Piece] = []
    for var piece in pieces {
      guard let tokens = tokens(of: piece) else {
        throw .malformed(path: folder.path, reason: "the tokens of \(piece.path) are no longer there")
      }
      (piece.shard, piece.offset) = layout.place(tokens.count)
      if piece.offset == 0 {
        try sorted?.synchronize()
        sorted = try AppendedFile(path: folder.sortedPath(piece.shard))
      }
      try sorted?.append(tokens)
      placed.append(piece)
    }
    try sorted?.synchronize()
    try folder.useSorted(layout.lengths.count)
    try finish(DatasetIndex(pieces: placed, shards: layout.lengths))
  }

  private func finish(_ index: DatasetIndex) throws(DatasetError) {
    do throws(FileError) {
      let file = try AtomicFile(path: folder.path(DatasetIndex.fileName))
      try file.write(index.bytes())
      try file.commit(isDurable: true)
    } catch { throw .file(error) }
    try folder.move(to: path)
  }
}
