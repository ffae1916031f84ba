public import MusicCore

/// How a rendering ends.
public enum Ending: Hashable, Sendable {
  /// When all sound has decayed below −80 dBFS for a fifth of a second, but at most 15 s after the last event.
  case silence
  /// A fixed time after the last event.
  case tail(Seconds)
  /// At the end of the score, to the frame, for loops.
  case exact

  /// The smallest magnitude of a sample that counts as sound: −80 dBFS.
  static let audible: Float = 1e-4
  static let silentSeconds = 0.2
  static let longestTail = Seconds(15)
  /// The length of the fade-out of sound at the end of a tail.
  static let fadeSeconds = 0.05
}
