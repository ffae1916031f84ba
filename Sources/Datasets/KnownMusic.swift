/// Detects duplicates while a dataset is built.
///
/// Two pieces count as the same music where the Jaccard index of their fingerprints is at least one half, that is, where
/// half of all their interval sequences are common to both. It is estimated from the 64 smallest hashes of each (MinHash,
/// Broder 1997).
public struct KnownMusic: Sendable {
  private static let sketchLength = 64

  /// The sketches and names of all pieces.
  private var pieces: [(name: String, sketch: ArraySlice<UInt64>)] = []
  private var piecesBySketch: [UInt64: [Int32]] = [:]

  /// Creates an empty collection.
  public init() {}

  /// Adds a piece and returns nil, or returns the name of an earlier piece with the same music. O(hashes).
  public mutating func insert(_ fingerprint: Fingerprint, name: String) -> String? {
    let sketch = fingerprint.hashes.prefix(Self.sketchLength)
    if let same = duplicate(of: sketch) { return pieces[same].name }
    let number = Int32(pieces.count)
    // Copied, so that the sketch does not keep all hashes.
    pieces.append((name, Array(sketch)[...]))
    for hash in sketch { piecesBySketch[hash, default: []].append(number) }
    return nil
  }

  private func duplicate(of sketch: ArraySlice<UInt64>) -> Int? {
    var shared: [Int32: Int] = [:]
    for hash in sketch { for piece in piecesBySketch[hash] ?? [] { shared[piece, default: 0] += 1 } }
    // With fewer hashes in common the index cannot reach one half.
    let candidates = shared.filter { 2 * $0.value >= min(sketch.count, pieces[Int($0.key)].sketch.count) }
    return candidates.keys.map(Int.init).sorted().first { Self.areSame(sketch, pieces[$0].sketch) }
  }

  /// Whether at least half of the smallest hashes of the union are in both.
  private static func areSame(_ a: ArraySlice<UInt64>, _ b: ArraySlice<UInt64>) -> Bool {
    let (left, right) = (Set(a), Set(b))
    let smallest = left.union(right).sorted().prefix(sketchLength)
    let common = smallest.count { left.contains($0) && right.contains($0) }
    return smallest.isEmpty || 2 * common >= smallest.count
  }
}
