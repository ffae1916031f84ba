public import MusicCore

/// How a rendering ends.
public enum Ending: Hashable, Sendable {
  /// When all sound has died away, below −80 dBFS for a fifth of a second, but at most 15 s after the last event.
  case silence
  /// So long after the last event.
  case tail(Seconds)
  /// Where the score ends, to the frame, for loops.
  case exact

  /// The magnitude of a sample that counts as sound: −80 dBFS.
  static let audible: Float = 1e-4
  static let silentSeconds = 0.2
  static let longestTail = Seconds(15)
  /// What still sounds where a tail is cut off fades out for so long.
  static let fadeSeconds = 0.05
}
