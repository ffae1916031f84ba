/// Where the tokens of pieces lie: one after the other in shards of limited length, without gaps.
struct ShardLayout {
  /// The tokens of each shard.
  private(set) var lengths: [Int]
  /// A new shard begins before one has more tokens; a longer piece has a shard of its own.
  let limit: Int

  init(lengths: [Int] = [], limit: Int) { (self.lengths, self.limit) = (lengths, limit) }

  /// The place of the next piece.
  mutating func place(_ count: Int) -> (shard: Int, offset: Int) {
    let length = lengths.last
    if length == nil || length.map({ $0 > 0 && $0 + count > limit }) == true { lengths.append(0) }
    let shard = lengths.count - 1
    defer { lengths[shard] += count }
    return (shard, lengths[shard])
  }
}
