package import MusicCore

/// A note of the reference, of the take, or of both, with the result of the alignment.
package struct AlignedNote: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The reference's pitch, at its time.
    case right
    /// A different pitch instead of it.
    case wrong
    /// Only in the reference.
    case missing
    /// Only in the take.
    case extra
  }

  package var kind: Kind
  /// The index in the notes of the take; nil if missing.
  package var played: Int?
  /// The index in the notes of the reference; nil if extra.
  package var reference: Int?
  /// The index of its passage.
  package var passage: Int
  /// The time at which it is played, or would have been.
  package var time: Seconds
  /// Whether it belongs to the right hand in the reference; an extra note has the hand of the nearest reference note.
  package var isRightHand: Bool
}

/// A section of a take that follows the reference without a jump.
package struct AlignedPassage: Hashable, Sendable {
  /// Indices of notes of the take.
  package var played: Range<Int>
  /// Indices of notes of the reference.
  package var reference: Range<Int>
  package var warp: TimeWarp
}
