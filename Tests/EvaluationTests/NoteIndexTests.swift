import Evaluation
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

@Suite("Memorization") struct NoteIndexTests {
  /// Notes transposed, at another tempo and later.
  private static func moved(_ notes: [PlayedNote], by semitones: Int, scale: Double, from start: Int) -> [PlayedNote] {
    notes.map { note in
      EvaluationTests.note(
        start + Int((note.onset.rawValue * 64 * scale).rounded()), Int(note.pitch.rawValue) + semitones, length: 3,
        velocity: 33)
    }
  }

  @Test(
    "finds a passage in another key and at another tempo",
    arguments: [(0, 1.0), (5, 1.0), (-7, 0.9), (3, 1.1), (-2, 0.55), (11, 1.9), (0, 1.37)])
  func moved(semitones: Int, scale: Double) throws {
    let steps = [0, 7, 8, 12, 16, 24]
    let pieces = (0..<20).map { randomNotes(400, pitches: 40...80, steps: steps, seed: $0) }
    let passage = take(pieces[7]).notes[100..<160]
    let planted = Self.moved(Array(passage), by: semitones, scale: scale, from: 999)
    let noise = randomNotes(40, pitches: 40...80, steps: steps, seed: 77)
    let first = passage.first?.onset.rawValue ?? 0
    let match = try #require(NoteIndex(pieces.map(take)).longestMatch(of: take(noise + planted)))
    // If the passage cuts a chord at either end, the order of its notes may differ there.
    #expect((56...62).contains(match.notes))
    #expect(match.piece == 7 && match.semitones == semitones)
    #expect(abs(match.timeScale - scale) < 0.06)
    #expect(abs(match.pieceStart.rawValue - first) < 1)
  }

  @Test("finds what an exhaustive comparison finds", arguments: UInt64(0)..<40)
  func bruteForce(seed: UInt64) {
    let steps = seed.isMultiple(of: 2) ? [0, 1, 2, 3, 4, 5] : [0, 6, 6, 6, 7, 12]
    let pieces = (0..<3).map { randomNotes(120, pitches: 60...62, steps: steps, seed: seed * 10 + $0) }
    let sample = randomNotes(80, pitches: 60...62, steps: steps, seed: seed + 5000)
    let expected = pieces.map { ReferenceMatch.longest(sample, $0) }.max() ?? 0
    #expect(NoteIndex(pieces.map(take)).longestMatch(of: take(sample))?.notes ?? 0 == (expected < 5 ? 0 : expected))
  }

  @Test("requires the same rhythm at one tempo") func rhythm() {
    let piece = randomNotes(50, pitches: 40...90, steps: [16], seed: 1)
    let index = NoteIndex([take(piece)])
    let slower = piece.enumerated().map { note(16 * $0 + 6 * $0 * $0, Int($1.pitch.rawValue)) }
    #expect((index.longestMatch(of: take(slower))?.notes ?? 0) < 12)
    let threeTimes = piece.enumerated().map { note(48 * $0.offset, Int($0.element.pitch.rawValue)) }
    #expect(index.longestMatch(of: take(threeTimes)) == nil)
    #expect(index.longestMatch(of: take(piece))?.notes == 50)
  }

  @Test("a match at a new tempo starts as early as the tempo fits") func tempos() {
    let piece = randomNotes(33, pitches: 40...90, steps: [16], seed: 1)
    // 16 and 19 ticks both fit 16 at one scaled tempo, and so do 19 and 22, but not all three.
    let steps = Array(repeating: 16, count: 8) + Array(repeating: 19, count: 12) + Array(repeating: 22, count: 12)
    let played = piece.enumerated().map { note(steps[..<$0].reduce(0, +), Int($1.pitch.rawValue)) }
    #expect(NoteIndex([take(piece)]).longestMatch(of: take(played))?.notes == 25)
  }

  @Test("does not continue from one piece into the next") func pieces() {
    let piece = randomNotes(60, pitches: 40...90, steps: [16], seed: 1)
    let index = NoteIndex([take(Array(piece[..<25])), take(Array(piece[25...]))])
    let match = index.longestMatch(of: take(piece))
    #expect(match?.notes == 35 && match?.piece == 1)
    #expect(index.noteCount == 60)
  }

  @Test("a few notes have no match", arguments: [0, 1, 4]) func little(count: Int) {
    let notes = take((0..<count).map { note(16 * $0, 60) })
    #expect(NoteIndex([notes]).longestMatch(of: notes) == nil)
    #expect(NoteIndex([]).longestMatch(of: take(randomNotes(50, pitches: 1...9, steps: [4], seed: 1))) == nil)
  }

  @Test("compares samples with held-out music") func report() {
    let pieces = (0..<5).map { take(randomNotes(200, pitches: 40...80, steps: [8, 12, 16], seed: $0)) }
    let heldOut = (0..<5).map { take(randomNotes(50, pitches: 40...80, steps: [8, 12, 16], seed: 100 + $0)) }
    let copy = Take(notes: Array(pieces[3].notes[20..<60]), duration: Seconds(30))
    let report = MemorizationReport(samples: [heldOut[0], copy], heldOut: heldOut, index: NoteIndex(pieces))
    #expect(report.longestSample == 1 && report.longest?.piece == 3 && report.longest?.notes == 40)
    #expect(report.samples?.largest == 40)
    #expect((report.heldOut?.largest ?? 99) < 10)
  }
}

/// The definition of a match, evaluated at every pair of notes.
enum ReferenceMatch {
  static func longest(_ a: [PlayedNote], _ b: [PlayedNote]) -> Int {
    let (a, b) = (ordered(a), ordered(b))
    var longest = 0
    for i in a.indices {
      for j in b.indices {
        // A tempo scale s in low...high fits every step so far.
        var (low, high, count) = (0.5, 2.0, 1)
        while i + count < a.count, j + count < b.count {
          let (x, y) = (i + count, j + count)
          guard a[x].pitch - a[x - 1].pitch == b[y].pitch - b[y - 1].pitch else { break }
          let (ours, theirs) = (a[x].onset - a[x - 1].onset, b[y].onset - b[y - 1].onset)
          low = max(low, Double(ours - 1) / Double(theirs + 1))
          if theirs > 1 { high = min(high, Double(ours + 1) / Double(theirs - 1)) }
          guard low <= high else { break }
          count += 1
        }
        longest = max(longest, count)
      }
    }
    return longest
  }

  private static func ordered(_ notes: [PlayedNote]) -> [(onset: Int, pitch: Int)] {
    var chords: [[(onset: Int, pitch: Int)]] = []
    for note in notes.map({ (onset: Int($0.onset.rawValue * 64), pitch: Int($0.pitch.rawValue)) }).sorted(by: {
      $0 < $1
    }) {
      if let first = chords.last?.first, note.onset - first.onset <= 2 {
        chords[chords.count - 1].append(note)
      } else {
        chords.append([note])
      }
    }
    return chords.flatMap { chord in
      chord.map { (onset: chord[0].onset, pitch: $0.pitch) }.sorted { $0.pitch < $1.pitch }
    }
  }
}
