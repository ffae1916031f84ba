internal import MusicAnalysis
internal import MusicCore
internal import MusicTokens

/// Notes in an order that tempo does not change, as steps from each to the next.
///
/// Notes stand by onset, and those of a chord by pitch. What starts up to two ticks of 1/64 s after the first note of a chord
/// belongs to it and starts with it: players spread chords, and rounding to ticks does.
struct NoteSteps {
  /// Semitones from each note to the next, plus 128; 0 after the last note.
  private(set) var intervals: [UInt8] = []
  private(set) var pitches: [UInt8] = []
  /// In ticks.
  private(set) var onsets: [Int32] = []

  private static let chordTicks: Int32 = 2

  /// - Parameter notes: by rising onset.
  init(_ notes: [PlayedNote]) {
    var placed = notes.map { note in
      (onset: Int32((note.onset.rawValue * Double(Token.ticksPerSecond)).rounded()), pitch: note.pitch.rawValue)
    }
    var start = placed.first?.onset ?? 0
    for index in placed.indices {
      if placed[index].onset - start > Self.chordTicks { start = placed[index].onset }
      placed[index].onset = start
    }
    placed.sort { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    onsets = placed.map(\.onset)
    pitches = placed.map(\.pitch)
    intervals = zip(placed, placed.dropFirst()).map { UInt8(128 + Int($1.pitch) - Int($0.pitch)) }
    if !placed.isEmpty { intervals.append(0) }
  }

  /// Appends the steps of another piece; no interval leads over to it.
  mutating func append(_ other: NoteSteps) {
    intervals += other.intervals
    pitches += other.pitches
    onsets += other.onsets
  }

  /// When a note starts.
  func time(of index: Int) -> Seconds { Seconds(Double(onsets[index]) / Double(Token.ticksPerSecond)) }

  /// Ticks from a note to the next of its piece.
  func interOnset(_ index: Int) -> Int32 { onsets[index + 1] - onsets[index] }
}
