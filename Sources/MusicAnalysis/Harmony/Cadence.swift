public import MusicCore

/// A cadence in the local key.
public struct Cadence: Hashable, Sendable, Codable {
  /// When its last chord begins.
  public var time: Seconds
  /// The kind of cadence.
  public var kind: Kind
  /// The key of the cadence, spelled like the local keys.
  public var key: KeyName
  /// The probability that an annotator would mark a cadence here, 0…1.
  public var confidence: Double
  /// The evidence by which it was recognized.
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
    /// The metrical position of the last chord.
    public var meter: Accent
    /// The inter-onset interval of the top line at the last chord, in quarter notes: how long the last note rests or is held.
    public var gapQuarters: Double
    /// The roman numeral of the preceding chord.
    public var chordBefore: String?
  }

  /// A metrical position in a bar.
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
