/// The held-out music of a dataset: keeps copies and excerpts of it out of the training music.
///
/// A piece shares music with another split where half of its interval sequences occur in pieces of that split, or where it
/// has half of those of one such piece: a model trained on an excerpt or a medley would have seen the evaluation data.
public struct HeldOutMusic: Sendable {
  private var pieces: [(name: String, split: Split)] = []
  /// All hashes, and the first piece that has each.
  private var owners: [UInt64: Int32] = [:]
  /// The number of hashes that each piece was the first to have.
  private var counts: [Int] = []

  /// Creates an empty collection.
  public init() {}

  /// Adds a held-out piece. O(hashes).
  public mutating func insert(_ fingerprint: Fingerprint, name: String, split: Split) {
    let number = Int32(pieces.count)
    pieces.append((name, split))
    var count = 0
    for hash in fingerprint.hashes where owners[hash] == nil {
      owners[hash] = number
      count += 1
    }
    counts.append(count)
  }

  /// A piece of another split that a piece of `split` shares music with, or nil. O(hashes).
  public func source(of fingerprint: Fingerprint, in split: Split) -> (name: String, split: Split)? {
    guard !pieces.isEmpty else { return nil }
    var shared: [Int32: Int] = [:]
    for hash in fingerprint.hashes {
      if let piece = owners[hash], pieces[Int(piece)].split != split { shared[piece, default: 0] += 1 }
    }
    let total = shared.values.reduce(0, +)
    let most = shared.max { ($0.value, $1.key) < ($1.value, $0.key) }
    if let most, 2 * total >= fingerprint.hashes.count { return pieces[Int(most.key)] }
    return shared.filter { 2 * $0.value >= counts[Int($0.key)] }.keys.min().map { pieces[Int($0)] }
  }
}
