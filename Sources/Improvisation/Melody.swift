package import MusicCore

/// The highest note of each onset.
package struct Melody: Sendable {
  package struct Tone: Hashable, Sendable {
    package var tick: Tick
    package var pitch: Int
  }

  package private(set) var tones: [Tone] = []

  /// Onsets closer together than this form a chord.
  static let chord = Tick(ofSession: 0.05)
  /// The number of intervals in a figure.
  private static let figure = 3

  /// - Parameter notes: by rising tick.
  package init(_ notes: some Sequence<(Tick, Pitch)>) {
    for (tick, pitch) in notes {
      if let last = tones.last, tick - last.tick < Self.chord {
        tones[tones.count - 1].pitch = max(last.pitch, Int(pitch.rawValue))
      } else {
        tones.append(Tone(tick: tick, pitch: Int(pitch.rawValue)))
      }
    }
  }

  private var intervals: [Int] { zip(tones.dropFirst(), tones).map { $0.pitch - $1.pitch } }

  /// The figures of four notes, as intervals.
  private var figures: [ArraySlice<Int>] {
    let intervals = intervals
    guard intervals.count >= Self.figure else { return [] }
    return (0...intervals.count - Self.figure).map { intervals[$0..<$0 + Self.figure] }
  }

  /// The figures that are not mere repetitions of one pitch.
  private var motions: [ArraySlice<Int>] { figures.filter { $0.contains { $0 != 0 } } }

  /// The share of the figures that also occur in another melody, at any transposition. A repeated pitch is no figure.
  package func share(of other: Melody) -> Double {
    let own = motions
    guard !own.isEmpty else { return 0 }
    let known = Set(other.motions.map(Array.init))
    return Double(own.count { known.contains(Array($0)) }) / Double(own.count)
  }

  /// The share of the figures that occurred before, in this melody or in an earlier one that it continues. A repeated
  /// pitch is a figure here.
  package func repetition(after earlier: Melody) -> Double {
    var whole = earlier
    whole.tones += tones
    let before = earlier.figures
    let own = whole.figures.dropFirst(before.count)
    guard !own.isEmpty else { return 0 }
    var known = Set(before.map(Array.init))
    return Double(own.count { !known.insert(Array($0)).inserted }) / Double(own.count)
  }

  /// The length in notes of the longest run that also occurs in another melody, at the same pitch.
  func longestRun(in other: Melody) -> Int {
    var (best, previous) = (0, [Int](repeating: 0, count: other.tones.count + 1))
    for tone in tones {
      var next = [Int](repeating: 0, count: previous.count)
      for (index, heard) in other.tones.enumerated() where heard.pitch == tone.pitch {
        next[index + 1] = previous[index] + 1
        best = max(best, next[index + 1])
      }
      previous = next
    }
    return best
  }

  /// The number of notes of a motif.
  package static let motifNotes = 4...8

  /// The motif to begin an answer with: the notes from the first occurrence of the most frequent figure on or, if no
  /// figure recurs, the first notes; nil for fewer than four notes.
  package func motif() -> ArraySlice<Tone>? {
    guard tones.count >= Self.motifNotes.lowerBound else { return nil }
    var counts: [[Int]: Int] = [:]
    for figure in motions { counts[Array(figure), default: 0] += 1 }
    let most = counts.values.max() ?? 0
    let intervals = intervals
    let start =
      most < 2
      ? 0
      : intervals.indices.dropLast(Self.figure - 1).first { counts[Array(intervals[$0..<$0 + Self.figure])] == most }
        ?? 0
    return tones[start..<min(tones.count, start + Self.motifNotes.upperBound)]
  }
}
