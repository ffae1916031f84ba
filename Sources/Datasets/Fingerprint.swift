internal import MusicCore
internal import MusicTokens

/// A fingerprint of music that is independent of key, tempo and dynamics: the sequences of eight intervals between nine notes,
/// in the order of onset and pitch, hashed.
///
/// The sets of two pieces overlap as far as the pieces do (w-shingling, Broder 1997): the same music in another file
/// has nearly all of them, other music of the same composer hardly any.
public struct Fingerprint: Hashable, Sendable {
  /// Distinct hashes in ascending order.
  let hashes: [UInt64]

  /// The fingerprint of canonical tokens. O(n log n).
  public init(_ tokens: [UInt16]) {
    let pitches = Self.pitches(of: tokens)
    let intervals = zip(pitches, pitches.dropFirst()).map { $1 &- $0 }
    var hashes: [UInt64] = []
    hashes.reserveCapacity(intervals.count)
    var packed: UInt64 = 0
    for (index, interval) in intervals.enumerated() {
      packed = packed << 8 | UInt64(interval)
      if index >= min(7, intervals.count - 1) {
        var mixer = SplitMix64(seed: packed)
        hashes.append(mixer.next())
      }
    }
    hashes.sort()
    self.hashes = hashes.enumerated().filter { $0.offset == 0 || hashes[$0.offset - 1] != $0.element }.map(\.element)
  }

  /// The pitches of all notes by onset; those of one tick in ascending order, though tokens order them by level first.
  private static func pitches(of tokens: [UInt16]) -> [UInt8] {
    var pitches: [UInt8] = []
    var start = 0
    for token in tokens {
      if Token.noteOns.contains(token) {
        pitches.append(UInt8(token))
      } else if Token.timeShifts.contains(token) {
        if pitches.count > start + 1 { pitches[start...].sort() }
        start = pitches.count
      }
    }
    pitches[start...].sort()
    return pitches
  }
}
