/// A chord: root, quality and bass note.
public struct Chord: Hashable, Sendable {
  /// The root.
  public var root: PitchClass
  /// The intervals above the root.
  public var quality: ChordQuality
  /// Which tone of the chord is in the bass: 0 for the root, 1 for the third, and so on.
  public var inversion: Int

  /// Creates a chord; an inversion that the quality does not have is root position.
  public init(root: PitchClass, quality: ChordQuality, inversion: Int = 0) {
    self.root = root
    self.quality = quality
    self.inversion = quality.intervals.indices.contains(inversion) ? inversion : 0
  }

  /// The lowest tone.
  public var bass: PitchClass { root.transposed(by: quality.intervals[inversion]) }

  /// The tones, the root first.
  public var tones: [PitchClass] { quality.intervals.map(root.transposed(by:)) }

  /// The same chord a number of semitones higher.
  public func transposed(by semitones: Int) -> Chord {
    Chord(root: root.transposed(by: semitones), quality: quality, inversion: inversion)
  }
}
