package import MusicCore

/// What became of a note: of the reference, of the take, or of both.
package struct AlignedNote: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The pitch of the reference at its time.
    case right
    /// Another pitch in its place.
    case wrong
    /// In the reference alone.
    case missing
    /// In the take alone.
    case extra
  }

  package var kind: Kind
  /// Its index in the notes of the take; nil where it is missing.
  package var played: Int?
  /// Its index in the notes of the reference; nil where it is extra.
  package var reference: Int?
  /// The index of its passage.
  package var passage: Int
  /// When it is played, or would have been.
  package var time: Seconds
  /// The hand of the reference; of extra notes that of the nearest note around.
  package var isRightHand: Bool
}

/// A stretch of a take that goes through the reference without a leap.
package struct Passage: Hashable, Sendable {
  /// Indices of notes of the take.
  package var played: Range<Int>
  /// Indices of notes of the reference.
  package var reference: Range<Int>
  package var warp: TimeWarp
}
