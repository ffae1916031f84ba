public import MusicCore

/// A note with times in seconds, from which rhythm, melody and dynamics are analyzed.
public struct PlayedNote: Hashable, Sendable {
  /// When it starts.
  public var onset: Seconds
  /// When it ends, prolonged by pedals.
  public var end: Seconds
  /// Its pitch.
  public var pitch: Pitch
  /// Its velocity.
  public var velocity: Velocity
  /// The index of its track in the score.
  public var track: Int

  /// Creates a note.
  public init(onset: Seconds, end: Seconds, pitch: Pitch, velocity: Velocity, track: Int = 0) {
    self.onset = onset
    self.end = end
    self.pitch = pitch
    self.velocity = velocity
    self.track = track
  }

  /// The time from onset to end.
  public var duration: Seconds { end - onset }
}

extension Score {
  /// The notes of all tracks in order of onset, then pitch; drums only if requested.
  ///
  /// - Complexity: O(n log n).
  public func playedNotes(drums: Bool = false) -> [PlayedNote] {
    var notes: [PlayedNote] = []
    notes.reserveCapacity(noteCount)
    let drumNotes = self.drums
    for (index, track) in tracks.enumerated() {
      for note in track.notes where drums || !drumNotes.contains(note, track: index) {
        notes.append(
          PlayedNote(
            onset: tempoMap.seconds(at: note.onset),
            end: tempoMap.seconds(at: note.end),
            pitch: note.pitch,
            velocity: note.velocity,
            track: index
          )
        )
      }
    }
    notes.sort { ($0.onset, $0.pitch, $0.track) < ($1.onset, $1.pitch, $1.track) }
    return notes
  }
}

extension [PlayedNote] {
  /// For each note, which are sorted by onset, whether it is played by the right hand or the upper half of an ensemble.
  ///
  /// - Complexity: O(n log n).
  public var hands: [Bool] { Hands(self).isRight }
}
