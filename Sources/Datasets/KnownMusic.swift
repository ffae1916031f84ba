/// The music of a dataset that is being built, so that nothing is taken twice.
///
/// Two pieces are the same music where at least half of the intervals of both together are in both (the Jaccard index
/// of their fingerprints, estimated from the 64 smallest hashes of each: MinHash, Broder 1997). Held-out music must
/// not be learnt in pieces either: a training piece that has half of the intervals of a held-out one, or half of whose
/// intervals are held out, is refused too. Held-out pieces come first.
public struct KnownMusic: Sendable {
  /// Why a piece is not taken.
  public enum Match: Hashable, Sendable {
    /// It is the same music as another piece.
    case duplicate(of: String)
    /// It shares music with a held-out piece.
    case heldOut(in: String)
  }

  private static let sketchLength = 64

  /// The sketches and names of all pieces.
  private var pieces: [(name: String, sketch: ArraySlice<UInt64>)] = []
  private var piecesBySketch: [UInt64: [Int32]] = [:]
  /// All hashes of held-out pieces, and the first piece that has each.
  private var heldOut: [UInt64: Int32] = [:]
  /// How many hashes a held-out piece was the first to have, by its number.
  private var heldOutCounts: [Int32: Int] = [:]

  public init() {}

  /// Takes a piece in and returns nil, or says why it is not taken. O(hashes).
  public mutating func insert(_ fingerprint: Fingerprint, name: String, split: Split) -> Match? {
    let sketch = fingerprint.hashes.prefix(Self.sketchLength)
    if let same = duplicate(of: sketch) { return .duplicate(of: pieces[same].name) }
    if split == .train, let source = heldOutSource(of: fingerprint) { return .heldOut(in: pieces[source].name) }
    let number = Int32(pieces.count)
    // Copied, so that the sketch does not keep all hashes.
    pieces.append((name, Array(sketch)[...]))
    for hash in sketch { piecesBySketch[hash, default: []].append(number) }
    if split == .valid {
      for hash in fingerprint.hashes where heldOut[hash] == nil {
        heldOut[hash] = number
        heldOutCounts[number, default: 0] += 1
      }
    }
    return nil
  }

  private func duplicate(of sketch: ArraySlice<UInt64>) -> Int? {
    var shared: [Int32: Int] = [:]
    for hash in sketch { for piece in piecesBySketch[hash] ?? [] { shared[piece, default: 0] += 1 } }
    // Fewer in common cannot be half of a sketch of both.
    let candidates = shared.filter { 2 * $0.value >= min(sketch.count, pieces[Int($0.key)].sketch.count) }
    return candidates.keys.map(Int.init).sorted().first { Self.areSame(sketch, pieces[$0].sketch) }
  }

  /// Whether at least half of the smallest hashes of both together are in both.
  private static func areSame(_ a: ArraySlice<UInt64>, _ b: ArraySlice<UInt64>) -> Bool {
    let (left, right) = (Set(a), Set(b))
    let smallest = left.union(right).sorted().prefix(sketchLength)
    let common = smallest.count { left.contains($0) && right.contains($0) }
    return smallest.isEmpty || 2 * common >= smallest.count
  }

  private func heldOutSource(of fingerprint: Fingerprint) -> Int? {
    var shared: [Int32: Int] = [:]
    for hash in fingerprint.hashes { if let piece = heldOut[hash] { shared[piece, default: 0] += 1 } }
    let total = shared.values.reduce(0, +)
    let most = shared.max { ($0.value, $1.key) < ($1.value, $0.key) }
    if let most, 2 * total >= fingerprint.hashes.count { return Int(most.key) }
    return shared.filter { 2 * $0.value >= heldOutCounts[$0.key] ?? .max }.keys.min().map(Int.init)
  }
}
