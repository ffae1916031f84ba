import Alignment
import TestSupport
import Testing

/// The path search compared with an exhaustive search.
@Suite struct TakePathTests {
  /// The score of a path, and the highest score of any path.
  private struct Scores {
    let pitches: [UInt8]
    let onsets: [Double]
    let reference: [[UInt8]]

    func gain(_ note: Int, _ chord: Int) -> Float {
      let distance = reference[chord].map { abs(Int($0) - Int(pitches[note])) }.min() ?? 99
      return distance == 0 ? TakePath.Score.right : distance <= 2 ? TakePath.Score.neighbor : TakePath.Score.other
    }

    func step(_ from: Int, _ to: Int, _ note: Int) -> Float {
      let costs = TakePath.steps(after: onsets[note] - onsets[note - 1])
      if from == to { return costs.stay }
      let passed = from < to ? reference[from + 1..<to].reduce(0) { $0 + Float($1.count) } : .infinity
      return max(TakePath.Score.leap, passed * TakePath.Score.missing + costs.forward)
    }

    func entry(_ chord: Int) -> Float {
      max(TakePath.Score.leap, reference[..<chord].reduce(0) { $0 + Float($1.count) } * TakePath.Score.missing)
    }

    var best: Float {
      var row = reference.indices.map { entry($0) + gain(0, $0) }
      for note in pitches.indices.dropFirst() {
        row = reference.indices.map { to in
          (reference.indices.map { row[$0] + step($0, to, note) }.max() ?? 0) + gain(note, to)
        }
      }
      return row.max() ?? 0
    }

    func score(_ path: [Int]) -> Float {
      var sum = entry(path[0])
      for note in pitches.indices {
        sum += gain(note, path[note]) + (note > 0 ? step(path[note - 1], path[note], note) : 0)
      }
      return sum
    }
  }

  @Test(arguments: 0..<12) func thePathHasTheHighestScore(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let reference = (0..<60).map { _ in
      (0..<Int.random(in: 1...4, using: &generator)).map { _ in UInt8.random(in: 55...75, using: &generator) }
    }
    // A take that leaps back and forth and is longer than a block of the search.
    var chord = 0
    var pitches: [UInt8] = []
    for _ in 0..<200 {
      let pitch = reference[chord].randomElement(using: &generator) ?? 60
      pitches.append(
        Int.random(in: 0..<9, using: &generator) == 0 ? UInt8.random(in: 50...80, using: &generator) : pitch)
      chord =
        Int.random(in: 0..<30, using: &generator) == 0
        ? Int.random(in: 0..<60, using: &generator) : (chord + Int.random(in: 0...2, using: &generator)) % 60
    }
    var onsets = [0.0]
    for _ in 1..<pitches.count { onsets.append((onsets.last ?? 0) + Double.random(in: 0...0.12, using: &generator)) }
    let scores = Scores(pitches: pitches, onsets: onsets, reference: reference)
    let path = TakePath(pitches, at: onsets, through: reference)
    #expect(abs(scores.score(path.chords) - scores.best) < 1e-2)
    // Between leaps the path never goes back.
    for note in pitches.indices.dropFirst() where !path.leaps.contains(note) {
      #expect(path.chords[note] >= path.chords[note - 1])
    }
    #expect(path.leaps == path.leaps.sorted())
  }

  @Test func aPathMayBeginInTheMiddle() {
    let reference = (0..<40).map { [UInt8(40 + $0)] }
    let path = TakePath((60..<70).map { UInt8($0) }, at: (0..<10).map(Double.init), through: reference)
    #expect(path.chords == Array(20..<30) && path.entersByLeap == false)
    let later = TakePath((70..<78).map { UInt8($0) }, at: (0..<8).map(Double.init), through: reference)
    #expect(later.chords == Array(30..<38) && later.entersByLeap)
  }

  @Test func asManyPairsAsPossibleAreFormedAsCloseAsPossible() {
    func timed(_ times: [Double]) -> [NotePairs.Timed] {
      times.enumerated().map { NotePairs.Timed(note: $0.offset, seconds: $0.element) }
    }
    func pairs(_ expected: [Double], _ played: [Double]) -> [[Int]] {
      NotePairs.pairs(timed(expected), timed(played), within: 0.3).map { [$0.expected, $0.played] }
    }
    #expect(pairs([0, 1, 2], [0.1, 1.2, 2.4]) == [[0, 0], [1, 1]])
    // All a little late: no note is paired with the one before.
    #expect(pairs([0, 0.2, 0.4, 0.6], [0.12, 0.32, 0.52, 0.72]) == [[0, 0], [1, 1], [2, 2], [3, 3]])
    // One is left out: the note that no played note is near.
    #expect(pairs([0, 0.2, 0.4, 0.6], [0.01, 0.41, 0.61]) == [[0, 0], [2, 1], [3, 2]])
    #expect(pairs([], [1]).isEmpty && pairs([1], []).isEmpty)
    #expect(pairs([0, 5], [5.1]) == [[1, 0]])
  }
}
