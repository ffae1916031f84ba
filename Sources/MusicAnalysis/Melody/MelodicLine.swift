internal import MusicCore

/// The melody: the skyline, restricted by the continuity of the voice.
///
/// The top note of an onset group belongs to the melody unless it is far below a melody note that still sounds, or far
/// below the register of the melody; then it is accompaniment (skyline: Uitdenbogerd & Zobel 1998; pitch proximity in
/// streaming: Huron 2001).
struct MelodicLine {
  /// The notes in order of onset; a note that overlaps the next one is shortened to its onset.
  private(set) var notes: [PlayedNote] = []

  /// The maximum distance of a note below the last melody note while that sounds, in semitones.
  private static let reach = 4
  /// The maximum distance of a note below the register of the melody after its last note ended, in semitones.
  private static let register = 12.0

  /// The melody of notes that are sorted by onset. O(n).
  init(_ notes: [PlayedNote]) {
    // The exponential moving average of the melody's pitches.
    var register = 0.0
    for group in OnsetGroup.groups(of: notes) {
      guard let top = notes[group.notes].max(by: { ($0.pitch, $0.velocity) < ($1.pitch, $1.velocity) }) else {
        continue
      }
      let pitch = Double(top.pitch.rawValue)
      if let last = self.notes.last {
        let isHeld = last.end.rawValue > top.onset.rawValue + 0.05
        let isLonger = top.duration.rawValue >= 2
        if isHeld, Int(top.pitch.rawValue) + Self.reach < Int(last.pitch.rawValue) { continue }
        // The constraint relaxes by four semitones per second of rest.
        let silence = max(0, (top.onset - last.end).rawValue)
        if pitch < register - Self.register - 4 * silence, !isLonger { continue }
        if isHeld { self.notes[self.notes.count - 1].end = top.onset }
      }
      register = self.notes.isEmpty ? pitch : 0.85 * register + 0.15 * pitch
      self.notes.append(top)
    }
  }
}
