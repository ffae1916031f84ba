internal import Files
internal import FoundationEssentials
internal import MusicCore
internal import MusicTokens
internal import Text

/// The index of a dataset, `index.jsonl`: a header line, then a line for each piece.
struct DatasetIndex {
  static let fileName = "index.jsonl"
  static let format = "aurl-dataset"
  static let version = 1

  /// The first line.
  struct Header: Codable {
    var format = DatasetIndex.format
    var version = DatasetIndex.version
    var ticksPerSecond = TokenTime.ticksPerSecond
    /// The number of tokens in each shard.
    var shards: [Int]
    /// The number of pieces.
    var pieces: Int
    /// The SHA-256 digest of all lines after this one.
    var dataHash: String
  }

  var header: Header
  var pieces: [Piece]

  /// The name of a shard: its number in five digits.
  static func shardName(_ number: Int) -> String {
    let digits = "\(number)"
    return "tokens-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).u16"
  }
}

// MARK: Writing

extension DatasetIndex {
  init(pieces: [Piece], shards: [Int]) {
    self.pieces = pieces
    header = Header(shards: shards, pieces: pieces.count, dataHash: "")
  }

  /// The index as it is stored.
  func bytes() -> [UInt8] {
    var lines: [UInt8] = []
    for piece in pieces { lines += JSONLine.bytes(piece) }
    var header = header
    header.dataHash = lines.withUnsafeBytes(SHA256.hex(of:))
    return JSONLine.bytes(header) + lines
  }
}

// MARK: Reading

extension DatasetIndex {
  /// Whether a file begins with the header of an index, of any version.
  static func exists(at path: String) -> Bool { (try? readBytes(ofFile: path)).flatMap(firstLine) != nil }

  private static func firstLine(of bytes: [UInt8]) -> Header? {
    guard let end = bytes.firstIndex(of: 0x0A), let header = JSONLine.value(bytes[..<end], as: Header.self) else {
      return nil
    }
    return header.format == format ? header : nil
  }

  /// Reads and checks an index.
  init(path: String) throws(DatasetError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readBytes(ofFile: path) } catch { throw .file(error) }
    func malformed(_ reason: String) -> DatasetError { .malformed(path: path, reason: reason) }
    guard let header = Self.firstLine(of: bytes) else { throw malformed("this is not the index of a dataset") }
    guard header.version == Self.version, header.ticksPerSecond == TokenTime.ticksPerSecond else {
      throw malformed("the dataset has format version \(header.version), which this program does not support")
    }
    let lines = bytes.drop { $0 != 0x0A }.dropFirst()
    guard lines.withUnsafeBytes(SHA256.hex(of:)) == header.dataHash else {
      throw malformed("the index was changed or truncated: its hash does not match the one in its header")
    }
    var pieces: [Piece] = []
    for (number, line) in lines.split(separator: 0x0A).enumerated() {
      guard let piece = JSONLine.value(line, as: Piece.self) else {
        throw malformed("line \(number + 2) is not a piece")
      }
      pieces.append(piece)
    }
    self.header = header
    self.pieces = pieces
    if let problem = Self.problem(of: pieces, in: header) { throw malformed(problem) }
  }

  /// Checks that the pieces fill the shards one after the other, without gaps.
  private static func problem(of pieces: [Piece], in header: Header) -> String? {
    guard pieces.count == header.pieces else { return "there are \(pieces.count) pieces, not \(header.pieces)" }
    guard header.shards.allSatisfy({ (0...Int(Int32.max)).contains($0) }) else { return "a shard has no valid size" }
    var (shard, offset) = (0, 0)
    for (number, piece) in pieces.enumerated() {
      if shard < header.shards.count, offset == header.shards[shard] { (shard, offset) = (shard + 1, 0) }
      guard piece.shard == shard, shard < header.shards.count, piece.offset == offset,
        (1...header.shards[shard]).contains(piece.tokens), piece.tokens <= header.shards[shard] - offset
      else { return "line \(number + 2): the piece does not follow the previous one, or exceeds its shard" }
      // A token starts at most one note, and lasts at most 8 s.
      guard (0...piece.tokens).contains(piece.notes), (0...8 * Double(piece.tokens)).contains(piece.seconds) else {
        return "line \(number + 2): the duration or the number of notes of the piece is impossible"
      }
      offset += piece.tokens
    }
    guard shard == max(0, header.shards.count - 1), offset == header.shards.last ?? 0 else {
      return "the shards have tokens that belong to no piece"
    }
    return nil
  }
}

/// A JSON value on a line of its own.
enum JSONLine {
  /// A value as a line, keys sorted so that the same value is the same bytes.
  static func bytes(_ value: some Encodable) -> [UInt8] {
    // Encoding numbers and strings cannot fail.
    ((try? JSONText.bytes(of: value)) ?? []) + [0x0A]
  }

  static func value<Value: Decodable>(_ line: ArraySlice<UInt8>, as type: Value.Type) -> Value? {
    try? JSONDecoder().decode(type, from: Data(line))
  }
}
