internal import Glibc
public import MusicCore

/// The key of a piece, with alternatives.
public struct KeyEstimate: Hashable, Sendable, Codable {
  /// The key.
  public var name: Key
  /// The calibrated probability of the key, 0…1: of the keys with a confidence of 0.8, four in five are right.
  public var confidence: Double
  /// Alternative keys, the most probable first.
  public var alternatives: [Alternative]
  /// The diatonic mode on the tonic.
  public var mode: ScaleMode

  /// Another key that the piece may be in.
  public struct Alternative: Hashable, Sendable, Codable {
    /// The key, spelled on the side of the key of the piece.
    public var name: KeyName
    /// Its probability, 0…1.
    public var confidence: Double
  }

  /// The minimum number of notes and pitch classes for an estimate.
  static let minimumNotes = 4
  static let minimumPitchClasses = 3

  /// The key of the frames; nil if there is too little music.
  init?(_ frames: HarmonicFrames, chordStates: [ChordModel.State], _ local: LocalKeys) {
    guard
      frames.noteCount >= Self.minimumNotes,
      frames.profile.weights.count(where: { $0 > 0 }) >= Self.minimumPitchClasses,
      let evidence = KeyEvidence(frames, chordStates: chordStates, local)
    else { return nil }
    let keys = (0..<Key.count).map(Key.init(index:))
    let scores = keys.map { key in
      zip(KeyEvidence.weights, evidence.features(of: key)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let greatest = scores.max() ?? 0
    let likelihoods = scores.map { exp($0 - greatest) }
    let total = likelihoods.reduce(0, +)
    let ranked = zip(keys, likelihoods).map { (key: $0, confidence: $1 / total) }
      .sorted { ($1.confidence, $0.key.index) < ($0.confidence, $1.key.index) }
    let home = ranked[0].key
    (name, confidence) = ranked[0]
    alternatives = ranked[1...4].map {
      Alternative(name: KeyName($0.key, near: KeyName(home)), confidence: $0.confidence)
    }
    mode = ScaleMode(of: frames.profile, key: home)
  }
}
