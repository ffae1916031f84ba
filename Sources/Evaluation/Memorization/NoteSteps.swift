internal import MusicAnalysis
internal import MusicCore
internal import MusicTokens

/// Notes in an order that is independent of tempo, as steps from each note to the next.
///
/// Notes are ordered by chord, and by pitch within a chord; all notes of a chord have the onset of its first.
struct NoteSteps {
  /// Semitones from each note to the next, plus 128; 0 after the last note.
  private(set) var intervals: [UInt8] = []
  private(set) var pitches: [UInt8] = []
  /// In ticks.
  private(set) var onsets: [Int32] = []

  /// - Parameter notes: notes in order of onset.
  init(_ notes: [PlayedNote]) {
    var placed = notes.map { note in
      (onset: Int32(TokenTime(note.onset).rawValue), pitch: note.pitch.rawValue)
    }
    for chord in notes.chords {
      for index in chord { placed[index].onset = placed[chord.lowerBound].onset }
    }
    placed.sort { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    onsets = placed.map(\.onset)
    pitches = placed.map(\.pitch)
    intervals = zip(placed, placed.dropFirst()).map { UInt8(128 + Int($1.pitch) - Int($0.pitch)) }
    if !placed.isEmpty { intervals.append(0) }
  }

  /// Appends the steps of another piece, without an interval in between.
  mutating func append(_ other: NoteSteps) {
    intervals += other.intervals
    pitches += other.pitches
    onsets += other.onsets
  }

  /// The onset of a note.
  func time(of index: Int) -> Seconds { TokenTime(rawValue: Int(onsets[index])).seconds }

  /// The inter-onset interval from a note to the next of its piece, in ticks.
  func interOnset(_ index: Int) -> Int32 { onsets[index + 1] - onsets[index] }
}
