public import MusicCore

/// The split of a dataset that a piece belongs to.
public enum Split: String, Codable, CaseIterable, Hashable, Sendable {
  /// Training data.
  case train
  /// Validation data: held out, for choices during development.
  case valid
  /// Test data: held out, for a final evaluation.
  case test

  /// The order of splits in a dataset: test, validation, training.
  package static let byPrecedence: [Split] = [.test, .valid, .train]
}

/// A piece of a dataset: a line of its index.
public struct Piece: Codable, Hashable, Sendable {
  /// The split that it belongs to.
  public var split: Split
  /// The path of the file, relative to the folder that the dataset was built from.
  public var path: String
  /// The work it belongs to; all pieces of a work are in the same split.
  public var group: String
  /// The shard with its tokens, counted from 0.
  public var shard: Int
  /// The offset of its first token in the shard.
  public var offset: Int
  /// The number of its tokens.
  public var tokens: Int
  /// The number of its notes.
  public var notes: Int
  /// The duration from the start of the piece to the end of its last note.
  public var seconds: Double
  /// The SHA-256 digest of the tokens as stored, 64 hexadecimal digits.
  public var sha256: String
  /// The numbers of the piece's `ChordChart`; nil if it is unknown.
  var chartNumbers: [Int]?

  /// The chords that the piece was found to have; nil if they are unknown.
  public var chart: ChordChart? { chartNumbers.flatMap(ChordChart.init(numbers:)) }

  private enum CodingKeys: String, CodingKey {
    case split, path, group, shard, offset, tokens, notes, seconds, sha256
    case chartNumbers = "chart"
  }

  /// A piece to give to a `DatasetWriter`, which fills in shard, offset, number of tokens and digest.
  public init(
    split: Split, path: String, group: String, notes: Int, seconds: Double, chart: ChordChart? = nil
  ) {
    self.split = split
    self.path = path
    self.group = group
    self.notes = notes
    self.seconds = seconds
    (shard, offset, tokens, sha256) = (0, 0, 0, "")
    chartNumbers = chart?.numbers
  }
}

extension Split {
  /// A hash of a work's name in 0 ..< 1, by which a share of works is held out.
  public static func share(of group: String) -> Double {
    let digest = Array(group.utf8).withUnsafeBytes(SHA256.hex(of:))
    // 52 bits, which a Double represents exactly.
    return Double(UInt64(digest.prefix(13), radix: 16) ?? 0) / Double(1 << 52 as UInt64)
  }
}
