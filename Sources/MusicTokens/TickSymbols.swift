internal import MusicCore

/// The ends and starts of one tick in the order in which they are written: ends by rising pitch, then starts by rising
/// level and pitch.
struct TickSymbols: ~Copyable {
  /// Rows of 128 pitches, two words each: the ends, then the starts of each level.
  private let words: UnsafeMutablePointer<UInt64>
  /// The nonzero words, one bit each.
  private var filled: UInt32 = 0

  private static let wordCount = 2 * (1 + DynamicLevel.allCases.count)

  init() {
    words = .allocate(capacity: Self.wordCount)
    words.initialize(repeating: 0, count: Self.wordCount)
  }

  deinit { words.deallocate() }

  @inline(__always)
  var isEmpty: Bool { filled == 0 }

  @inline(__always)
  mutating func insertEnd(_ pitch: Int) { insert(pitch) }

  @inline(__always)
  mutating func insertStart(_ pitch: Int, level: DynamicLevel) { insert(Self.place(pitch, level)) }

  @inline(__always)
  private static func place(_ pitch: Int, _ level: DynamicLevel) -> Int { (1 + Int(level.rawValue)) << 7 | pitch }

  @inline(__always)
  private mutating func insert(_ place: Int) {
    words[place &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: place)
    filled |= 1 &<< UInt32(truncatingIfNeeded: place &>> 6)
  }

  /// Raises the level of a starting pitch to `level` if it is lower.
  mutating func raise(_ pitch: Int, to level: DynamicLevel) {
    for lower in DynamicLevel.allCases where lower < level {
      if remove(Self.place(pitch, lower)) { insertStart(pitch, level: level) }
    }
  }

  private mutating func remove(_ place: Int) -> Bool {
    let bit = 1 &<< UInt64(truncatingIfNeeded: place)
    guard words[place &>> 6] & bit != 0 else { return false }
    words[place &>> 6] &= ~bit
    if words[place &>> 6] == 0 { filled &= ~(1 &<< UInt32(truncatingIfNeeded: place &>> 6)) }
    return true
  }

  /// Removes and returns the first symbol: its row, 0 for an end and from 1 on the level of a start, and its pitch.
  /// There must be one.
  @inline(__always)
  mutating func removeFirst() -> (row: Int, pitch: Int) {
    let index = filled.trailingZeroBitCount
    let word = words[index]
    let rest = word & (word &- 1)
    words[index] = rest
    filled &= ~((rest == 0 ? 1 : 0) &<< UInt32(truncatingIfNeeded: index))
    return (index &>> 1, (index & 1) &<< 6 | word.trailingZeroBitCount)
  }
}
