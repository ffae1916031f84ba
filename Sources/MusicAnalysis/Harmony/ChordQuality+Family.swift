internal import MusicCore

extension ChordQuality {
  /// The family of qualities by the triad.
  enum Family: Int {
    case major, minor
    /// Diminished, augmented and suspended.
    case other
  }

  var family: Family {
    switch self {
    case .maj, .dominant7, .maj7, .maj6: .major
    case .min, .min7, .minmaj7, .min6: .minor
    case .dim, .aug, .sus2, .sus4, .hdim7, .dim7: .other
    }
  }
}
