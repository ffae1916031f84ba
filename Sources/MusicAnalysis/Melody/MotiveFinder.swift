internal import MusicCore

/// Finds recurring passages of a melody, at any transposition and any tempo.
///
/// The melody becomes a string of pairs (interval to the next note, ratio of inter-onset intervals in steps of about
/// 1.4), which is invariant under transposition and tempo; repeats are the common prefixes of neighbors in its
/// suffix array (Manber & Myers 1993; Kasai et al. 2001).
struct MotiveFinder {
  /// The minimum and maximum number of notes of a motive: longer repeats are sections.
  static let lengths = 5...16

  private let line: [PlayedNote]
  private let symbols: [Int32]

  init(_ line: [PlayedNote]) {
    self.line = line
    var symbols: [Int32] = []
    for index in line.indices.dropLast() {
      let interval = Int32(line[index + 1].pitch.rawValue) - Int32(line[index].pitch.rawValue)
      let length = (line[index + 1].onset - line[index].onset).rawValue
      let before = index > 0 ? (line[index].onset - line[index - 1].onset).rawValue : length
      symbols.append((interval + 128) * 8 + Self.ratioClass(length / max(before, 1e-3)))
    }
    self.symbols = symbols
  }

  /// The class of the ratio of an inter-onset interval to the one before: much shorter, shorter, equal, longer, much longer.
  private static func ratioClass(_ ratio: Double) -> Int32 {
    switch ratio {
    case ..<0.42: 0
    case ..<0.72: 1
    case ...1.4: 2
    case ...2.4: 3
    default: 4
    }
  }

  /// The best motives, long and frequent ones first, without those that occur only within occurrences of a better one.
  ///
  /// - Complexity: O(n log² n) in the notes of the melody.
  func motives(atMost limit: Int = 8) -> [Motive] {
    guard symbols.count >= 2 * Self.lengths.lowerBound else { return [] }
    let suffixes = suffixArray()
    let prefixes = commonPrefixes(suffixes)
    let candidates = repeats(prefixes).sorted {
      ($1.coverage, $0.range.lowerBound) < ($0.coverage, $1.range.lowerBound)
    }
    var covered = [Bool](repeating: false, count: symbols.count)
    var motives: [Motive] = []
    for candidate in candidates {
      guard motives.count < limit else { break }
      var places: [Int] = []
      for place in suffixes[candidate.range].sorted() where place >= (places.last ?? -.max) + candidate.length {
        places.append(place)
      }
      let fresh = places.filter { place in
        covered[place..<place + candidate.length].count { $0 } * 2 < candidate.length
      }
      guard fresh.count >= 2 else { continue }
      for place in fresh { for index in place..<place + candidate.length { covered[index] = true } }
      motives.append(motive(at: fresh, length: candidate.length + 1))
    }
    return motives
  }

  private struct Repeat {
    /// The range in the suffix array.
    var range: Range<Int>
    /// The length in symbols.
    var length: Int
    var coverage: Int { (range.count - 1) * (length - MotiveFinder.lengths.lowerBound / 2) }
  }

  private func motive(at places: [Int], length: Int) -> Motive {
    let first = Int(line[places[0]].pitch.rawValue)
    return Motive(
      intervals: (0..<length - 1).map { step in
        Int(line[places[0] + step + 1].pitch.rawValue) - Int(line[places[0] + step].pitch.rawValue)
      },
      occurrences: places.map { place in
        Motive.Occurrence(
          startSeconds: line[place].onset, endSeconds: line[place + length - 1].end,
          firstNote: place, transposition: Int(line[place].pitch.rawValue) - first)
      })
  }

  /// The suffix array of the symbols, by prefix doubling.
  private func suffixArray() -> [Int] {
    let count = symbols.count
    var order = Array(0..<count)
    var ranks = symbols.map { Int($0) }
    var width = 1
    while true {
      let keys = (0..<count).map { ($0, ranks[$0], $0 + width < count ? ranks[$0 + width] : -1) }
      order = keys.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
      var next = [Int](repeating: 0, count: count)
      for (index, suffix) in order.enumerated().dropFirst() {
        let before = keys[order[index - 1]]
        let same = before.1 == keys[suffix].1 && before.2 == keys[suffix].2
        next[suffix] = next[order[index - 1]] + (same ? 0 : 1)
      }
      ranks = next
      width *= 2
      if width > Self.lengths.upperBound || ranks[order[count - 1]] == count - 1 { return order }
    }
  }

  /// The longest common prefix of each suffix and its predecessor in the suffix array, up to the maximum length (LCP array).
  private func commonPrefixes(_ order: [Int]) -> [Int] {
    (0..<order.count).map { index in
      guard index > 0 else { return 0 }
      let (a, b) = (order[index - 1], order[index])
      var length = 0
      while length < Self.lengths.upperBound - 1, max(a, b) + length < symbols.count,
        symbols[a + length] == symbols[b + length]
      {
        length += 1
      }
      return length
    }
  }

  /// The maximal intervals of the suffix array with a common prefix (LCP intervals), found with a stack. O(n).
  private func repeats(_ prefixes: [Int]) -> [Repeat] {
    var repeats: [Repeat] = []
    var open: [(start: Int, length: Int)] = []
    for index in 1...prefixes.count {
      let length = index < prefixes.count ? prefixes[index] : 0
      var start = index - 1
      while let last = open.last, last.length > length {
        open.removeLast()
        start = last.start
        if last.length + 1 >= Self.lengths.lowerBound {
          repeats.append(Repeat(range: last.start..<index, length: last.length))
        }
      }
      if length > (open.last?.length ?? 0) { open.append((start, length)) }
    }
    return repeats
  }
}
