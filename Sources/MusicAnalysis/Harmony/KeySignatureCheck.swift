public import MusicCore

/// The comparison of the key signature of a file with the key found in the music.
public struct KeySignatureCheck: Hashable, Sendable, Codable {
  /// The first key signature of the file.
  public var written: Key
  /// The relation of the key found to it.
  public var relation: Key.Relation
  /// Whether the music is confidently in a key that the signature does not fit.
  ///
  /// The same signature in the other mode is no conflict: many programs write every key as major. Neither is a signature
  /// of C major at the beginning if there is no other: many programs write it by default.
  public var isConflict: Bool

  /// The comparison of a score with a key; nil if the score has no key signature.
  init?(_ score: Score, _ estimate: KeyEstimate) {
    guard let signature = score.keySignatures.first else { return nil }
    written = signature.key
    relation = written.relation(to: estimate.name)
    let isDefault = score.keySignatures.allSatisfy { $0.tick == .zero && $0.sharps == 0 && !$0.isMinor }
    isConflict = !isDefault && relation != .same && relation != .relative && estimate.confidence >= 0.8
  }
}
