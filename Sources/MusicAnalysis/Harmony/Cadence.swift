public import MusicCore

/// A close of a phrase in the local key.
public struct Cadence: Hashable, Sendable, Codable {
  /// When its last chord begins.
  public var time: Seconds
  /// The kind of cadence.
  public var kind: Kind
  /// The key in which it closes.
  public var key: Key
  /// The probability that an annotator would mark a cadence here, 0…1.
  public var confidence: Double
  /// What it was recognized by.
  public var evidence: Evidence

  /// Kinds of cadences (Caplin 2004, "The Classical Cadence").
  public enum Kind: String, Sendable, Codable {
    /// V–I, both in root position and with the tonic on top.
    case perfectAuthentic
    /// V–I in root position with another chord tone on top.
    case imperfectAuthentic
    /// A phrase that ends on V.
    case half
    /// IV–I.
    case plagal
    /// V–vi, in minor V–VI.
    case deceptive
  }

  /// The evidence for a cadence.
  public struct Evidence: Hashable, Sendable, Codable {
    /// The scale degrees of the bass, such as `4 5 1`.
    public var bass: String
    /// Where in the bar the last chord arrives.
    public var meter: Accent
    /// How long the top line rests or is held afterwards, in quarter notes.
    public var gapQuarters: Double
    /// The roman numeral of the chord before.
    public var chordBefore: String?
  }

  /// A place in a bar.
  public enum Accent: String, Sendable, Codable {
    case downbeat
    case halfBar = "half bar"
    case beat
    case offbeat
  }

  enum CodingKeys: String, CodingKey {
    case time = "timeSeconds"
    case kind, key, confidence, evidence
  }
}
