internal import MusicTokens

/// A dataset on disk: pieces of music as canonical tokens in memory-mapped files.
///
///     let dataset = try Dataset(path: "keyboard")
///     for piece in dataset.pieces(.valid) { dataset.withTokens(of: piece) { print($0.count) } }
///
/// It is a folder with an index (`index.jsonl`) and shards of little-endian uint16 tokens (`tokens-00000.u16` …);
/// `docs/corpus.md` has the format.
public struct Dataset: Sendable {
  /// The path of the folder.
  public let path: String
  /// All pieces, in the order of the index.
  public let pieces: [Piece]
  /// The SHA-256 digest of the index, which contains the digests of all pieces and so identifies the data exactly.
  public let dataHash: String
  private let shards: [MappedTokens]

  /// Opens the dataset in the folder `path` and checks the shards against the index. O(tokens).
  ///
  /// - Throws: `DatasetError` if a file is missing or invalid.
  public init(path: String) throws(DatasetError) {
    let index = try DatasetIndex(path: "\(path)/\(DatasetIndex.fileName)")
    var shards: [MappedTokens] = []
    for (number, count) in index.header.shards.enumerated() {
      let name = "\(path)/\(DatasetIndex.shardName(number))"
      shards.append(try MappedTokens(path: name, count: count, limit: Token.count))
    }
    self.path = path
    self.shards = shards
    pieces = index.pieces
    dataHash = index.header.dataHash
  }

  /// The pieces of a split, in the order of the index.
  public func pieces(_ split: Split) -> [Piece] { pieces.filter { $0.split == split } }

  /// Calls `body` with the tokens of a piece of this dataset, ids below 774. The buffer must not escape the closure.
  public func withTokens<Result, Failure: Error>(
    of piece: Piece, _ body: (UnsafeBufferPointer<UInt16>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let tokens = shards[piece.shard].tokens
    precondition(
      piece.offset >= 0 && piece.tokens >= 0 && piece.offset <= tokens.count - piece.tokens,
      "the piece does not belong to this dataset")
    return try body(UnsafeBufferPointer(rebasing: tokens[piece.offset..<piece.offset + piece.tokens]))
  }

  /// Whether a note starts in any piece of a split with a weight above 0. Windows without a note onset are left
  /// out. O(tokens).
  public func hasNotes(_ split: Split, _ weights: SourceWeights = .equal) -> Bool {
    pieces(split).contains { piece in
      weights.weight(ofPath: piece.path) > 0
        && withTokens(of: piece) { tokens in tokens.contains { Token.noteOns.contains($0) } }
    }
  }

  /// The first piece whose tokens do not match their digest, or nil. O(tokens).
  public func firstDamagedPiece() -> Piece? {
    pieces.first { piece in withTokens(of: piece) { SHA256.hex(of: UnsafeRawBufferPointer($0)) } != piece.sha256 }
  }
}
