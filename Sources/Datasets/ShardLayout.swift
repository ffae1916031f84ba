/// Assigns places to pieces: consecutive, without gaps, in shards of limited length.
struct ShardLayout {
  /// The number of tokens in each shard.
  private(set) var lengths: [Int]
  /// The maximum length of a shard; a longer piece gets a shard of its own.
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
