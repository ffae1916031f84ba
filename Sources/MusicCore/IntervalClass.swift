/// Interval classes 1…6, from the semitone to the tritone: intervals between pitch classes without their direction.
public enum IntervalClass {
  /// The consonance of the interval classes 1…6, dimensionless: 1.24 for fourths and fifths, −1.428 for semitones.
  ///
  /// A normalized index combined from three studies of dyads (Huron 1994, "Interval-Class Content in Equally Tempered
  /// Pitch-Class Sets", Music Perception 11).
  public static let consonances = [-1.428, -0.582, 0.594, 0.386, 1.240, -0.453]
}
