/// The quality of a chord: its intervals above the root.
public enum ChordQuality: String, CaseIterable, Sendable, Codable {
  case maj, min, dim, aug, sus2, sus4
  case dominant7 = "7"
  case maj7, min7, hdim7, dim7, minmaj7, maj6, min6

  /// Semitones above the root, the root first.
  public var intervals: [Int] {
    switch self {
    case .maj: [0, 4, 7]
    case .min: [0, 3, 7]
    case .dim: [0, 3, 6]
    case .aug: [0, 4, 8]
    case .sus2: [0, 2, 7]
    case .sus4: [0, 5, 7]
    case .dominant7: [0, 4, 7, 10]
    case .maj7: [0, 4, 7, 11]
    case .min7: [0, 3, 7, 10]
    case .hdim7: [0, 3, 6, 10]
    case .dim7: [0, 3, 6, 9]
    case .minmaj7: [0, 3, 7, 11]
    case .maj6: [0, 4, 7, 9]
    case .min6: [0, 3, 7, 9]
    }
  }

  /// The third in semitones: 4 for major, 3 for minor, nil without a third.
  public var third: Int? { intervals.first { $0 == 3 || $0 == 4 } }
}
