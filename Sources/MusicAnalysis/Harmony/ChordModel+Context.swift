internal import Glibc
internal import MusicCore

extension ChordModel {
  /// What a key makes of a change to a chord: row `key × qualities + quality`.
  static let entryContexts = contexts(weight: 0.5)
  /// What a key makes of a frame of a chord.
  static let frameContexts = contexts(weight: 0.03)

  /// How much of the time a chord takes in a key of the common practice, in per cent; that of the plain triad where it has added or
  /// suspended tones.
  static func share(of quality: ChordQuality, degree: Int, isMinor: Bool) -> Double {
    let plain: ChordQuality =
      switch quality {
      case .sus2, .sus4, .maj6: .maj
      case .min6, .minmaj7: .min
      default: quality
      }
    let column = columns.firstIndex(of: plain) ?? 0
    return shares[((isMinor ? 12 : 0) + degree) * columns.count + column]
  }

  private static func contexts(weight: Double) -> [Roots] {
    (0..<Key.count).flatMap { index in
      let key = Key(index: index)
      return ChordQuality.allCases.map { quality in
        var row = Roots.zero
        for root in 0..<12 {
          let degree = (root - key.tonic.rawValue + 12) % 12
          let column = columns.firstIndex(of: quality)
          let share = column.map { shares[((key.isMinor ? 12 : 0) + degree) * columns.count + $0] } ?? 0
          row[root] = Float(exp(weight * log(max(share, 0.02) / 4)))
        }
        return row
      }
    }
  }

  private static let columns: [ChordQuality] = [.maj, .min, .dim, .aug, .dominant7, .maj7, .min7, .hdim7, .dim7]

  /// How much of the time chords take in music of the common practice, in per cent: a row for each degree of a major key,
  /// then of a minor key, a column for each of `columns`; rounded by hand from what textbooks say of them.
  private static let shares: [Double] = [
    28, 0.8, 0.1, 0.2, 1.2, 0.3, 0.05, 0, 0.2,
    0.2, 0.05, 0.15, 0, 0.05, 0, 0, 0.05, 0.5,
    1, 4, 0.3, 0, 2, 0, 1.6, 0.4, 0.15,
    0.25, 0, 0.05, 0, 0.05, 0, 0, 0, 0.1,
    0.6, 0.8, 0.3, 0, 0.8, 0, 0.1, 0.1, 0.2,
    5, 0.6, 0, 0, 0.05, 0.2, 0.05, 0, 0.05,
    0.05, 0.1, 0.6, 0, 0.05, 0, 0, 0.25, 0.9,
    17, 0.4, 0.05, 0.1, 17, 0, 0.05, 0, 0,
    0.5, 0, 0.15, 0, 0.2, 0, 0, 0, 0.3,
    0.6, 4, 0.05, 0, 0.8, 0, 0.5, 0.05, 0,
    0.3, 0.03, 0, 0, 0.1, 0, 0, 0, 0,
    0.15, 0.25, 2, 0, 0.2, 0, 0, 0.3, 1.5,

    1.2, 27, 0.05, 0, 1, 0, 0.2, 0, 0.1,
    0.6, 0, 0.02, 0, 0, 0, 0, 0, 0.1,
    0.5, 0.3, 1.6, 0, 0.6, 0, 0.1, 1.8, 0.1,
    3, 0, 0.05, 0.3, 0.3, 0.1, 0, 0, 0,
    0, 0.05, 0.2, 0, 0, 0, 0, 0, 0.5,
    0.5, 5, 0, 0, 0.4, 0, 0.4, 0, 0,
    0, 0, 0.5, 0, 0, 0, 0, 0.1, 0.9,
    17, 1, 0, 0, 14, 0, 0.1, 0, 0,
    3, 0, 0, 0, 0.2, 0.15, 0, 0, 0,
    0, 0.05, 0.2, 0, 0, 0, 0, 0.15, 0.2,
    1.2, 0.3, 0, 0, 0.8, 0, 0, 0, 0,
    0, 0.02, 2.2, 0, 0, 0, 0, 0.05, 4.5,
  ]
}
