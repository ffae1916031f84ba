/// Pairs the notes of one pitch in two versions whose times are comparable.
package enum NotePairs {
  /// A note, and the time at which it is expected or played.
  package struct Timed {
    package var note: Int
    package var seconds: Double

    package init(note: Int, seconds: Double) {
      (self.note, self.seconds) = (note, seconds)
    }
  }

  /// Pairs two lists of notes, both sorted by time, within a tolerance in seconds: as many pairs as possible without
  /// crossings, and as close as possible.
  ///
  /// - Complexity: O(a · b) for the a and b notes that lie within the tolerance of each other.
  package static func pairs(_ expected: [Timed], _ played: [Timed], within tolerance: Double) -> [(
    expected: Int, played: Int
  )] {
    var pairs: [(expected: Int, played: Int)] = []
    var (i, j) = (0, 0)
    while i < expected.count, j < played.count {
      // A cluster: all notes that follow another within the tolerance.
      let (a, b) = (i, j)
      var latest = min(expected[i].seconds, played[j].seconds)
      while true {
        if i < expected.count, expected[i].seconds - latest <= tolerance,
          j == played.count || expected[i].seconds <= played[j].seconds
        {
          latest = expected[i].seconds
          i += 1
        } else if j < played.count, played[j].seconds - latest <= tolerance {
          latest = played[j].seconds
          j += 1
        } else {
          break
        }
      }
      if i > a, j > b { pairs += best(expected[a..<i], played[b..<j], tolerance) }
    }
    return pairs
  }

  private static func best(_ expected: ArraySlice<Timed>, _ played: ArraySlice<Timed>, _ tolerance: Double)
    -> [(expected: Int, played: Int)]
  {
    if expected.count == 1, played.count == 1, let one = expected.first, let other = played.first {
      return abs(one.seconds - other.seconds) <= tolerance ? [(one.note, other.note)] : []
    }
    let (a, b) = (Array(expected), Array(played))
    /// The gain of a pair: 1 minus half its distance relative to the tolerance; none beyond the tolerance.
    func gain(_ i: Int, _ j: Int) -> Float? {
      let distance = abs(a[i].seconds - b[j].seconds) / tolerance
      return distance <= 1 ? Float(1 - 0.5 * distance) : nil
    }
    let width = b.count + 1
    var scores = Array(repeating: Float(0), count: (a.count + 1) * width)
    for i in 1...a.count {
      for j in 1...b.count {
        let skipped = max(scores[(i - 1) * width + j], scores[i * width + j - 1])
        let paired = gain(i - 1, j - 1).map { scores[(i - 1) * width + j - 1] + $0 } ?? -1
        scores[i * width + j] = max(skipped, paired)
      }
    }
    var pairs: [(expected: Int, played: Int)] = []
    var (i, j) = (a.count, b.count)
    while i > 0, j > 0 {
      let score = scores[i * width + j]
      if score == scores[(i - 1) * width + j] {
        i -= 1
      } else if score == scores[i * width + j - 1] {
        j -= 1
      } else {
        (i, j) = (i - 1, j - 1)
        pairs.append((a[i].note, b[j].note))
      }
    }
    return pairs.reversed()
  }
}
