public import MusicCore

/// A passage of the melody that occurs more than once, possibly transposed or at another tempo.
public struct Motive: Hashable, Sendable, Codable {
  /// Semitones from each note to the next.
  public var intervals: [Int]
  /// By rising time; at least two, which do not overlap.
  public var occurrences: [Occurrence]

  /// A place where a motive is.
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
