public import MusicCore

/// A chord with its time span.
public struct ChordSpan: Hashable, Sendable, Codable {
  /// When it begins.
  public var start: Seconds
  /// When it ends.
  public var end: Seconds
  /// The root, spelled in the key.
  public var root: NoteName
  /// The quality of the chord.
  public var quality: ChordQuality
  /// The lowest chord tone.
  public var bass: NoteName
  /// The probability of this root and quality, averaged over the chord, 0…1.
  public var confidence: Double
  /// The roman numeral in the local key, such as `V65` or `V7/V`.
  public var romanNumeral: String?

  /// Creates a chord.
  public init(
    start: Seconds, end: Seconds, root: NoteName, quality: ChordQuality, bass: NoteName, confidence: Double,
    romanNumeral: String? = nil
  ) {
    self.start = start
    self.end = end
    self.root = root
    self.quality = quality
    self.bass = bass
    self.confidence = confidence
    self.romanNumeral = romanNumeral
  }

  /// The inversion: 0 for root position, 1 for the first inversion, and so on.
  public var inversion: Int {
    quality.intervals.firstIndex(of: bass.pitchClass.interval(above: root.pitchClass)) ?? 0
  }

  enum CodingKeys: String, CodingKey {
    case start = "startSeconds"
    case end = "endSeconds"
    case root, quality, bass, confidence, romanNumeral
  }
}
