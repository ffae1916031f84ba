/// The path of a take through the chords of its reference: the chord at which the player is at each note.
///
/// A player moves from chord to chord, omits and adds notes, and sometimes jumps: back to repeat a passage, or forward
/// past a repeat. The path with the highest total score is found by dynamic programming, as in the score followers of
/// Nakamura, Nakamura, Saito, Ono & Sagayama (JNMR 43, 2014), whose model has jumps from any chord to any other.
package struct TakePath {
  /// The scores of notes and steps, in units of a right note. The values are chosen by hand.
  package enum Score {
    package static let right: Float = 1
    /// A note within two semitones of the chord: a trill, a grace note, or a slip to a neighboring key.
    package static let neighbor: Float = -0.2
    package static let other: Float = -0.5
    /// A note of the reference that is omitted.
    package static let missing: Float = -0.5
    /// A jump: as much as eight notes that are right after it and would be wrong without it.
    package static let leap: Float = -12
    /// Staying at a chord for a note that is clearly later than the previous one.
    package static let late: Float = -0.3
    /// Moving to another chord for a note that is simultaneous with the previous one.
    package static let early: Float = -1.2
  }

  /// More omitted notes in a row than this are a jump over them.
  static let mostMissing = Int(Score.leap / Score.missing)

  /// The maximum number of steps, notes times chords; more would take minutes.
  static let mostSteps = 4_000_000_000

  /// The index of a chord for each note of the take.
  package private(set) var chords: [Int]
  /// The indices of the notes of the take that follow a jump, rising.
  package private(set) var leaps: [Int] = []
  /// Whether the take begins with a jump into the reference.
  package private(set) var entersByLeap = false

  /// The scores of staying at a chord and of moving on, for a note a number of seconds after the previous one.
  package static func steps(after seconds: Double) -> (stay: Float, forward: Float) {
    seconds <= 0.03 ? (0, Score.early) : seconds > 0.07 ? (Score.late, 0) : (0, 0)
  }

  /// Finds the path of the pitches of a take, by rising onset in seconds, through the chords of a reference; neither is
  /// empty.
  ///
  /// - Complexity: time O(notes · chords), memory O(chords · √notes).
  package init(_ pitches: [UInt8], at onsets: [Double], through reference: [[UInt8]]) {
    func costs(_ note: Int) -> (stay: Float, forward: Float) { Self.steps(after: onsets[note] - onsets[note - 1]) }
    let table = Table(reference)
    chords = Array(repeating: 0, count: pitches.count)
    // Only the last row of each block of notes is kept; the others are recomputed in the traceback.
    let block = max(32, Int(Double(pitches.count).squareRoot().rounded(.up)))
    var kept: [[Float]] = []
    var best: [Int] = []
    let first = table.first(pitches[0])
    var row = first
    var next = row
    for note in pitches.indices {
      if note > 0 {
        table.fill(&next, from: row, leapFrom: best[note - 1], pitch: pitches[note], costs(note))
        swap(&row, &next)
      }
      best.append(Table.best(row))
      if (note + 1).isMultiple(of: block) { kept.append(row) }
    }
    var chord = best[pitches.count - 1]
    var steps = Array(repeating: UInt8(0), count: block * reference.count)
    for start in stride(from: 0, to: pitches.count, by: block).reversed() {
      let notes = start..<min(pitches.count, start + block)
      row = start == 0 ? first : kept[start / block - 1]
      for note in notes where note > 0 {
        table.fill(
          &next, from: row, leapFrom: best[note - 1], pitch: pitches[note], costs(note),
          steps: &steps, at: (note - start) * reference.count)
        swap(&row, &next)
      }
      for note in notes.reversed() {
        chords[note] = chord
        guard note > 0 else { break }
        let at = (note - start) * reference.count
        switch steps[at + chord] & ~Table.continues {
        case Table.forward:
          while steps[at + chord] & Table.continues != 0 { chord -= 1 }
          chord -= 1
        case Table.leaps:
          leaps.append(note)
          chord = best[note - 1]
        default: break
        }
      }
    }
    leaps.reverse()
    entersByLeap = table.missing(before: chords[0]) < Score.leap
  }
}

/// The scores of all chords at one note, and the steps that lead to them.
private struct Table {
  static let forward: UInt8 = 1
  static let leaps: UInt8 = 2
  /// A flag of a forward step: it also skips the previous chord.
  static let continues: UInt8 = 4

  private let count: Int
  /// The score of each pitch at each chord; [pitch][chord], contiguous by pitch.
  private let gains: [Float]
  /// The cost of omitting each chord.
  private let costs: [Float]

  init(_ chords: [[UInt8]]) {
    count = chords.count
    costs = chords.map { Float($0.count) * TakePath.Score.missing }
    var gains = Array(repeating: TakePath.Score.other, count: 128 * chords.count)
    for (index, chord) in chords.enumerated() {
      for pitch in chord {
        for near in max(0, Int(pitch) - 2)...min(127, Int(pitch) + 2) {
          gains[near * count + index] = max(gains[near * count + index], TakePath.Score.neighbor)
        }
      }
      for pitch in chord { gains[Int(pitch) * count + index] = TakePath.Score.right }
    }
    self.gains = gains
  }

  /// The cost of omitting all chords before one.
  func missing(before chord: Int) -> Float { costs[..<chord].reduce(0, +) }

  /// The scores at the first note.
  func first(_ pitch: UInt8) -> [Float] {
    var before: Float = 0
    return (0..<count).map { chord in
      defer { before += costs[chord] }
      return max(TakePath.Score.leap, before) + gains[Int(pitch) * count + chord]
    }
  }

  /// The chord with the highest score; the last of equal ones.
  static func best(_ row: [Float]) -> Int {
    var best = 0
    for chord in row.indices where row[chord] >= row[best] { best = chord }
    return best
  }

  /// Computes the scores at a note from those at the previous note.
  func fill(
    _ next: inout [Float], from row: [Float], leapFrom best: Int, pitch: UInt8, _ step: (stay: Float, forward: Float)
  ) {
    var none: [UInt8] = []
    fill(&next, from: row, leapFrom: best, pitch: pitch, step, steps: &none, at: 0)
  }

  /// The same, and also writes the steps if there is room for them.
  func fill(
    _ next: inout [Float], from row: [Float], leapFrom best: Int, pitch: UInt8, _ move: (stay: Float, forward: Float),
    steps: inout [UInt8], at place: Int
  ) {
    let leap = row[best] + TakePath.Score.leap
    let first = Int(pitch) * count
    next.withUnsafeMutableBufferPointer { next in
      row.withUnsafeBufferPointer { row in
        gains.withUnsafeBufferPointer { gains in
          costs.withUnsafeBufferPointer { costs in
            steps.withUnsafeMutableBufferPointer { steps in
              var passed = -Float.infinity
              for chord in 0..<count {
                var step: UInt8 = 0
                if chord > 0 {
                  let further = passed + costs[chord - 1]
                  passed = row[chord - 1]
                  if further > passed { (passed, step) = (further, Self.continues) }
                }
                var score = row[chord] + move.stay
                if passed + move.forward >= score {
                  score = passed + move.forward
                  step |= Self.forward
                }
                if leap > score { (score, step) = (leap, step & Self.continues | Self.leaps) }
                next[chord] = score + gains[first + chord]
                if !steps.isEmpty { steps[place + chord] = step }
              }
            }
          }
        }
      }
    }
  }
}
