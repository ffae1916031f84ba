public import MusicCore

/// A passage of the melody that occurs more than once, possibly transposed or at another tempo.
public struct Motive: Hashable, Sendable, Codable {
  /// The melodic intervals in semitones.
  public var intervals: [Int]
  /// The occurrences in order of time; at least two, which do not overlap.
  public var occurrences: [Occurrence]

  /// An occurrence of a motive.
  public struct Occurrence: Hashable, Sendable, Codable {
    /// When the occurrence begins.
    public var startSeconds: Seconds
    /// When it ends.
    public var endSeconds: Seconds
    /// The index of its first note in the melody.
    public var firstNote: Int
    /// Semitones above the first occurrence.
    public var transposition: Int
  }
}
