public import MusicCore

/// Published key profiles of C major and C minor; their correlation with the pitch classes of a piece measures how well each
/// of the 24 keys fits (Krumhansl 1990, "Cognitive Foundations of Musical Pitch").
public struct KeyProfiles: Sendable {
  /// A short name of the publication.
  public let name: String
  /// Row k holds the centered profile of the key of index k.
  private let rows: [[Double]]
  /// Row k holds the share of each pitch class, from C on, in the profile of the key of index k: each row sums to 1.
  package let shares: [[Double]]

  init(_ name: String, major: [Double], minor: [Double]) {
    self.name = name
    let profiles = (0..<Key.count).map { index in
      let profile = index < 12 ? major : minor
      return (0..<12).map { profile[($0 - index % 12 + 12) % 12] }
    }
    rows = profiles.map { PitchClassProfile($0).centered ?? $0 }
    shares = profiles.map { profile in profile.map { $0 / profile.reduce(0, +) } }
  }

  /// The Pearson correlations with the profiles of the 24 keys; zeros if the profile is flat.
  public func correlations(with profile: PitchClassProfile) -> [Double] {
    guard let centered = profile.centered else { return Array(repeating: 0, count: Key.count) }
    return rows.map { row in zip(row, centered).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// The key with the maximum correlation; nil if the profile is flat.
  public func bestKey(_ profile: PitchClassProfile) -> Key? {
    guard profile.centered != nil else { return nil }
    let fits = correlations(with: profile)
    return fits.indices.max { fits[$0] < fits[$1] }.map(Key.init(index:))
  }

  /// Krumhansl & Kessler 1982: probe-tone ratings.
  static let krumhanslKessler = KeyProfiles(
    "KK",
    major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    minor: [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])

  /// Aarden 2003 on the Essen folk song collection.
  static let aardenEssen = KeyProfiles(
    "AE",
    major: [
      17.7661, 0.145624, 14.9265, 0.160186, 19.8049, 11.3587, 0.291248, 22.062, 0.145624, 8.15494, 0.232998, 4.95122,
    ],
    minor: [
      18.2648, 0.737619, 14.0499, 16.8599, 0.702494, 14.4362, 0.702494, 18.6161, 4.56621, 1.93186, 7.37619, 1.75623,
    ])

  /// Sapp 2011: weight 1 for scale degrees, and 2 for tonic and dominant.
  static let sapp = KeyProfiles(
    "Sapp",
    major: [2, 0, 1, 0, 1, 1, 0, 2, 0, 1, 0, 1], minor: [2, 0, 1, 1, 0, 1, 0, 2, 1, 0, 0.5, 0.5])

  /// Bellman 2005 after Budge 1943: the chords of eighteenth- and nineteenth-century music.
  static let bellmanBudge = KeyProfiles(
    "BB",
    major: [16.80, 0.86, 12.95, 1.41, 13.49, 11.93, 1.25, 20.28, 1.80, 8.04, 0.62, 10.57],
    minor: [18.16, 0.69, 12.99, 13.34, 1.07, 11.15, 1.38, 21.07, 7.49, 1.53, 0.92, 10.21])

  /// Temperley 2007 on the Kostka-Payne corpus.
  package static let temperleyKostkaPayne = KeyProfiles(
    "TKP",
    major: [0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400],
    minor: [0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330])

  /// Albrecht & Shanahan 2013.
  static let albrechtShanahan = KeyProfiles(
    "AS",
    major: [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081],
    minor: [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])

  /// All six, in the order of the weights of `KeyEvidence`.
  public static let all = [krumhanslKessler, aardenEssen, sapp, bellmanBudge, temperleyKostkaPayne, albrechtShanahan]
}
