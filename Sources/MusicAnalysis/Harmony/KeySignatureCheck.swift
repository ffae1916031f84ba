public import MusicCore

/// The key that a file is written in beside the key that its music is in.
public struct KeySignatureCheck: Hashable, Sendable, Codable {
  /// The first key signature of the file.
  public var written: Key
  /// How the key found is related to it.
  public var relation: Key.Relation
  /// Whether the music is confidently in a key that the signature does not fit.
  ///
  /// The same signature in the other mode is no conflict: many programs write every key as major.
  public var isConflict: Bool

  /// The check of a score against a key, or nil where the score has no signature.
  init?(_ score: Score, _ estimate: KeyEstimate) {
    guard let signature = score.keySignatures.first else { return nil }
    written = signature.key
    relation = written.relation(to: estimate.name)
    isConflict = relation != .same && relation != .relative && estimate.confidence >= 0.8
  }
}
