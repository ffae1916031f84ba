/// The diversity of a set of takes.
package enum TakeDiversity {
  /// The share of distinct n-grams among all n-grams of `length` intervals between successive notes of takes: 1 if none
  /// occurs twice (distinct-n, Li 2016). Nil if there are none.
  package static func distinctShare(_ takes: [some Sequence<UInt16>], length: Int = 4) -> Double? {
    var (count, figures): (Int, Set<[Int]>) = (0, [])
    for take in takes {
      let pitches = take.filter { $0 < 128 }.map(Int.init)
      let intervals = zip(pitches.dropFirst(), pitches).map { $0 - $1 }
      for start in intervals.indices.dropLast(length - 1) {
        count += 1
        figures.insert(Array(intervals[start..<start + length]))
      }
    }
    return count > 0 ? Double(figures.count) / Double(count) : nil
  }
}
