internal import MusicCore

/// The evidence for each of the 24 keys as that of a whole piece: the features of a log-linear model.
///
/// An ensemble of published key profiles is correlated with the pitch classes of the piece, of its beginning, of its end and
/// of its bass. Further features are the first and last bass note and chord, and the shares of time of scale degrees and
/// local keys.
struct KeyEvidence {
  private let correlations: [[Double]]
  private let openingFit: [Double]
  private let closingFit: [Double]
  private let bassFit: [Double]
  private let firstBass: PitchClassProfile
  private let lastBass: PitchClassProfile
  private let firstState: ChordModel.State
  private let lastState: ChordModel.State
  private let chords: ChordUse
  /// The share of beats in each key.
  private let localShares: [Double]

  /// The evidence of the frames; nil if all are silent.
  init?(_ frames: HarmonicFrames, chordStates: [ChordModel.State], _ local: LocalKeys) {
    let sounding = (0..<frames.count).filter { frames.bass(in: $0..<$0 + 1).total > 0 }
    guard let first = sounding.first, let last = sounding.last else { return nil }
    let all = 0..<frames.count
    let edge = max(8, min(32, frames.count / 4))
    correlations = KeyProfiles.all.map { $0.correlations(with: frames.profile) }
    openingFit = Self.meanFit(frames.profile(.sounding, in: all.prefix(edge)))
    closingFit = Self.meanFit(frames.profile(.sounding, in: all.suffix(edge)))
    bassFit = Self.meanFit(frames.bass(in: all))
    firstBass = frames.bass(in: all.clamped(to: first..<first + 2)).normalized
    lastBass = frames.bass(in: all.clamped(to: last - 1..<last + 1)).normalized
    firstState = chordStates[first]
    lastState = chordStates[last]
    chords = ChordUse(chordStates)
    var shares = Array(repeating: 0.0, count: Key.count)
    for key in local.keys { shares[key.index] += 1 / Double(local.keys.count) }
    localShares = shares
  }

  private static func meanFit(_ profile: PitchClassProfile) -> [Double] {
    let fits = KeyProfiles.all.map { $0.correlations(with: profile) }
    return (0..<Key.count).map { key in fits.reduce(0) { $0 + $1[key] } / Double(fits.count) }
  }

  /// The features of a key, in the order of `weights`.
  func features(of key: Key) -> [Double] {
    let own: ChordQuality.Family = key.isMinor ? .minor : .major
    func share(_ degree: Int, _ family: ChordQuality.Family) -> Double {
      chords.shares[family.rawValue][key.tonic.transposed(by: degree)]
    }
    func isTonic(_ state: ChordModel.State, _ family: ChordQuality.Family) -> Double {
      state.root == key.tonic.rawValue && state.quality.family == family ? 1 : 0
    }
    let index = key.index
    let dominant = key.tonic.transposed(by: 7)
    return correlations.map { $0[index] } + [
      openingFit[index], closingFit[index], bassFit[index],
      lastBass[key.tonic], lastBass[dominant], firstBass[key.tonic], firstBass[dominant],
      isTonic(lastState, own), isTonic(firstState, own), key.isMinor ? isTonic(lastState, .major) : 0,
      share(0, own), share(7, .major), share(5, own), share(7, .minor),
      share(9, key.isMinor ? .major : .minor), key.isMinor ? share(8, .major) : 0,
      share(2, key.isMinor ? .other : .minor),
      chords.authenticMotions[own.rawValue][key.tonic], key.isMinor ? 1 : 0, localShares[index],
    ]
  }

  /// Six correlations; correlations of the opening, the ending and the bass; last and first bass note on tonic and
  /// dominant; last chord, first chord, Picardy third; shares of I, V, IV, minor v, vi, VI in minor, ii; root motions V–I;
  /// minor mode; share of local keys.
  ///
  /// Fitted by regularized maximum likelihood to the keys of POP909-CL and of the preludes and fugues of Chopin,
  /// Shostakovich and Scriabin (both MIT license), to key signatures and titles of Mutopia scores (public domain and
  /// CC BY), and to titles of GiantMIDI-Piano (CC BY).
  static let weights: [Double] = [
    1.17, 4.06, 1.26, -0.36, 1.93, 1.31,
    3.15, -1.57, -2.32,
    0.52, -0.61, -0.01, -0.21,
    0.66, 0.65, 0.64,
    0.57, 2.69, 0.29, -0.74, 1.96, 1.03, -1.21,
    1.76, 0.50, 1.24,
  ]
}

/// The share of time of each chord, and the frequency of root motions by a descending fifth from a major chord.
struct ChordUse {
  /// Shares of all frames by family of quality, then root.
  private(set) var shares = Array(repeating: PitchClassProfile(), count: 3)
  /// The root motions from a major chord to the chord a fifth below, by family and root of the latter, per chord change.
  private(set) var authenticMotions = Array(repeating: PitchClassProfile(), count: 3)

  init(_ states: [ChordModel.State]) {
    for state in states {
      let family = state.quality.family.rawValue
      shares[family].weights[state.root] += 1 / Double(states.count)
    }
    let changes = zip(states, states.dropFirst()).filter { $0 != $1 }
    for (previous, next) in changes {
      let falls = (previous.root - next.root + 12) % 12 == 7
      if falls, previous.quality.family == .major {
        let family = next.quality.family.rawValue
        authenticMotions[family].weights[next.root] += 1 / Double(changes.count + 1)
      }
    }
  }
}
