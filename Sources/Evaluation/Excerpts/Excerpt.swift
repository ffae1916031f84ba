internal import MusicAnalysis
public import MusicCore
public import MusicTokens

/// An excerpt of music in the form in which takes and real music are compared: it starts with an onset, notes are cut
/// at its end, and notes that start before it are left out.
///
/// Takes and real music are cut in the same way, because a classifier would exploit any difference in preprocessing.
public struct Excerpt: Hashable, Sendable {
  /// The index of the piece that it comes from. A take is a piece of its own.
  public var piece: Int
  /// The first onset is at zero; the duration is the end of the last note.
  public var music: Take

  /// Cuts an excerpt from the first onset at or after a time; nil if no note starts there.
  ///
  /// - Parameters:
  ///   - music: the piece, its notes in order of onset.
  ///   - length: the maximum length of the excerpt.
  public init?(of music: Take, piece: Int, from start: Seconds = .zero, length: Seconds) {
    let first = music.notes.partitioningIndex { $0.onset >= start }
    guard first < music.notes.count else { return nil }
    let zero = music.notes[first].onset
    var notes = Array(music.notes[first...].prefix { $0.onset - zero < length })
    for index in notes.indices {
      notes[index].onset = notes[index].onset - zero
      notes[index].end = min(notes[index].end - zero, length)
    }
    self.piece = piece
    self.music = Take(notes: notes, duration: notes.map(\.end).max() ?? .zero)
  }

  /// One excerpt per take, with the index of the take as its piece; takes without a note have none.
  public static func takes(_ takes: [[Token]], length: Seconds) -> [Excerpt] {
    takes.enumerated().compactMap { Excerpt(of: Take($1), piece: $0, length: length) }
  }

  /// The music as a score at 120 quarter notes per minute, for the analyzer.
  var score: Score {
    let map = TempoMap(division: .metrical(ticksPerQuarter: TokenDecoder.ticksPerQuarter))
    let notes = music.notes.map { note in
      Note(
        onset: map.tick(nearest: note.onset), end: map.tick(nearest: note.end), pitch: note.pitch,
        velocity: note.velocity)
    }
    return Score(tempoMap: map, tracks: [Track(notes: notes, end: notes.map(\.end).max() ?? .zero)])
  }
}
