internal import MusicCore

/// The figures of the melody: the skyline with voice continuity of `MusicAnalysis`, found note by note.
package struct MelodyCache: Sendable {
  package private(set) var figures = FigureCache()
  /// A moving average of the melody's pitches, with its last note and without.
  private var register: (now: Float, before: Float) = (0, 0)

  /// How far below the melody a note may be and still belong to it, in semitones: below its last note while that
  /// sounds, otherwise below its register.
  static let reach = 4
  private static let range: Float = 12

  mutating func append(_ pitch: Int, at onset: Int, sounding: PitchSet) {
    if let last = figures.last {
      if last.onset == onset {
        // The top note of a chord.
        guard pitch > last.pitch else { return }
        figures.removeLast()
        register.now = register.before
      } else if sounding.contains(last.pitch) && pitch + Self.reach < last.pitch
        || Float(pitch) < register.now - Self.range
      {
        return
      }
    }
    register = (figures.last == nil ? Float(pitch) : 0.85 * register.now + 0.15 * Float(pitch), register.now)
    figures.append(pitch, at: onset)
  }
}
