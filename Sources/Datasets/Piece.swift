/// What a piece is used for.
public enum Split: String, Codable, CaseIterable, Hashable, Sendable {
  /// Models learn from it.
  case train
  /// Held out: models are measured on it while they are made, and never learn from it.
  case valid
  /// Held out: what is done is measured on it, once.
  case test

  /// The splits in the order of a dataset, in which what is held out longest comes first.
  package static let byPrecedence: [Split] = [.test, .valid, .train]
}

/// A piece of a dataset: a line of its index.
public struct Piece: Codable, Hashable, Sendable {
  public var split: Split
  /// Where the piece came from, relative to the folder the dataset was built from.
  public var path: String
  /// The work it belongs to: the pieces of one work are in one split.
  public var group: String
  /// The shard with its tokens, counted from 0.
  public var shard: Int
  /// Where they begin, in tokens of the shard.
  public var offset: Int
  /// How many they are.
  public var tokens: Int
  public var notes: Int
  /// From the start of the piece to its last note's end.
  public var seconds: Double
  /// The SHA-256 digest of the tokens as stored, 64 hexadecimal digits.
  public var sha256: String

  /// A piece that a `DatasetWriter` is given; the writer knows where its tokens lie, how many they are and their digest.
  public init(split: Split, path: String, group: String, notes: Int, seconds: Double) {
    self.split = split
    self.path = path
    self.group = group
    self.notes = notes
    self.seconds = seconds
    (shard, offset, tokens, sha256) = (0, 0, 0, "")
  }
}

extension Split {
  /// A number in 0 ..< 1 that depends on a work's name alone, to hold out a share of works by.
  public static func share(of group: String) -> Double {
    let digest = Array(group.utf8).withUnsafeBytes(SHA256.hex(of:))
    // 52 bits, which a Double has exactly.
    return Double(UInt64(digest.prefix(13), radix: 16) ?? 0) / Double(1 << 52 as UInt64)
  }
}
