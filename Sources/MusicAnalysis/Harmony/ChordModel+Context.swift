internal import Glibc
internal import MusicCore

extension ChordModel {
  /// The weights of a change to each chord given the key: row `key × qualities + quality`.
  static let entryContexts = contexts(weight: 0.5)
  /// The weights of a frame of each chord given the key, in the same order.
  static let frameContexts = contexts(weight: 0.1)

  /// The share of time of a chord in a key in common-practice music, in percent; chords with added or suspended tones have
  /// that of their triad.
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
        let column = columns.firstIndex(of: quality)
        return Roots { root in
          let degree = (root - key.tonic.rawValue + 12) % 12
          let share = column.map { shares[((key.isMinor ? 12 : 0) + degree) * columns.count + $0] } ?? 0
          return Float(exp(weight * log(max(share, 0.02) / 4)))
        }
      }
    }
  }

  private static let columns: [ChordQuality] = [.maj, .min, .dim, .aug, .dominant7, .maj7, .min7, .hdim7, .dim7]

  /// The shares of time of chords in common-practice music, in percent: a row for each degree of a major key, then of a
  /// minor key, and a column for each of `columns`.
  ///
  /// Estimated without labels, by decoding 871 scores of Mutopia and OpenScore (public domain, CC0 and CC BY), mostly
  /// keyboard music and string quartets from 1600 to 1900, first without these shares and then with them.
  private static let shares: [Double] = [
    29.88, 0.78, 0.18, 0.07, 2.42, 0.21, 0.02, 0.01, 0.01,
    0.2, 0.05, 0.19, 0.01, 0.17, 0.03, 0.01, 0.05, 0.33,
    0.92, 3.84, 0.27, 0, 2.5, 0, 1.54, 0.5, 0.01,
    0.22, 0.01, 0.05, 0, 0.13, 0.01, 0.01, 0.01, 0.04,
    0.78, 0.85, 0.31, 0.01, 0.93, 0.01, 0.08, 0.08, 0.08,
    4.88, 0.62, 0.07, 0.01, 0.33, 0.15, 0.02, 0.01, 0.04,
    0.07, 0.04, 0.55, 0.01, 0.1, 0.01, 0, 0.25, 0.73,
    15.21, 0.3, 0.12, 0.02, 17.82, 0.01, 0.04, 0.05, 0.04,
    0.49, 0.02, 0.1, 0.01, 0.37, 0.02, 0, 0.02, 0.16,
    0.56, 3.25, 0.14, 0.01, 1.37, 0.01, 0.31, 0.1, 0.01,
    0.33, 0.06, 0.04, 0, 0.2, 0.01, 0.01, 0.01, 0.04,
    0.22, 0.09, 1.47, 0, 0.35, 0.01, 0.01, 0.31, 0.56,

    1.56, 28.21, 0.2, 0.01, 1.83, 0.03, 0.15, 0.05, 0.01,
    0.78, 0.03, 0.06, 0.01, 0.14, 0.05, 0, 0.01, 0.07,
    0.51, 0.13, 2.13, 0.01, 1.07, 0, 0.07, 2.75, 0.04,
    3.13, 0.02, 0.06, 0.06, 0.63, 0.09, 0, 0, 0.01,
    0.04, 0.04, 0.22, 0.01, 0.06, 0.01, 0, 0.03, 0.3,
    0.57, 6.35, 0.1, 0, 0.71, 0.01, 0.36, 0.04, 0.03,
    0.05, 0.01, 0.35, 0, 0.03, 0, 0, 0.02, 0.82,
    16.33, 1.31, 0.14, 0.01, 14.38, 0.02, 0.12, 0.05, 0.03,
    4.04, 0.06, 0.12, 0.01, 0.98, 0.37, 0.02, 0.02, 0.02,
    0.03, 0.03, 0.26, 0, 0.06, 0, 0.01, 0.31, 0.05,
    1.58, 0.26, 0.03, 0, 1.41, 0, 0.01, 0.02, 0.03,
    0.05, 0.02, 1.37, 0.01, 0.05, 0.01, 0, 0.03, 2.23,
  ]
}
