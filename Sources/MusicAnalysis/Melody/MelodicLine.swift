internal import MusicCore

/// The melody as a listener would hear it: the skyline with voice continuity.
///
/// The top note of each onset group competes with the melody going on as it is: a chord under a held melody note, or
/// far below the line, is accompaniment (skyline of Uitdenbogerd & Zobel 1998, with the proximity of notes that stream
/// together, Huron 2001).
struct MelodicLine {
  /// By rising onset, none before the end of the note before it is cut to the next onset.
  private(set) var notes: [PlayedNote] = []

  /// How far below the line a note may lie while the line's last note sounds, in semitones.
  private static let reach = 4
  /// How far below the line's register a note may lie after it ended, in semitones.
  private static let register = 12.0

  /// The melody of notes that are sorted by onset. O(n).
  init(_ notes: [PlayedNote]) {
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
        // The register of the line decays over about three seconds of silence.
        let silence = max(0, (top.onset - last.end).rawValue)
        if pitch < register - Self.register - 4 * silence, !isLonger { continue }
        if isHeld { self.notes[self.notes.count - 1].end = top.onset }
      }
      register = self.notes.isEmpty ? pitch : 0.85 * register + 0.15 * pitch
      self.notes.append(top)
    }
  }
}
