internal import Glibc
public import MusicCore

/// A time span in one key.
public struct KeySpan: Hashable, Sendable, Codable {
  /// When it begins.
  public var start: Seconds
  /// When it ends.
  public var end: Seconds
  /// The key, spelled on the side of the key of the piece.
  public var name: KeyName
  /// The probability of the key, averaged over the span, 0…1.
  public var confidence: Double

  enum CodingKeys: String, CodingKey {
    case start = "startSeconds"
    case end = "endSeconds"
    case name, confidence
  }
}

/// The key of every quarter note by a hidden Markov model: the observations are pitch classes, chords and resolutions of
/// dominants, and the cost of a key change grows with the distance on the circle of fifths (after Temperley 2007, "Music
/// and Probability", and Raphael & Stoddard 2004).
struct LocalKeys {
  /// Log weights of the evidence for keys and against changing them.
  struct Settings {
    /// The weights of a frame of a pitch class and of a chord. Less than 1, because neighboring frames are not
    /// independent.
    var pitchClass: Double
    var chord: Double
    /// The weight of a resolving dominant for its key, in the quarter of its resolution and in the one before.
    var resolution: Double
    /// The cost of a key change, and of each fifth of its distance.
    var change: Double
    var fifth: Double
    /// The cost of each fifth of distance from the key of the piece, per quarter note.
    var home: Double
    /// The distance of the parallel key, in fifths.
    var parallel: Double
    /// The table of the log ratios of the probability of a chord in a key to chance.
    var chords: ChordTable

    enum ChordTable {
      /// By degree and family, as measured in songs and in common-practice keyboard music together.
      case families
      /// By degree and quality, as counted in common-practice music.
      case qualities
    }

    /// The slope and the offset of Platt scaling, which calibrates the probabilities.
    var calibration: (slope: Double, offset: Double)

    /// Settings for the longer key areas from which the key of the whole piece is found.
    static let regions = Settings(
      pitchClass: 0.2, chord: 0.05, resolution: 0, change: 12, fifth: 1.5, home: 0, parallel: 3.5, chords: .families,
      calibration: (0.85, -0.2))
    /// Settings for songs with modulations like those of the common practice.
    static let modulations = Settings(
      pitchClass: 0.151, chord: 0.058, resolution: 0.8, change: 2.6, fifth: 2.33, home: 0.09, parallel: 2.3,
      chords: .families, calibration: (0.85, -0.2))
    /// Settings for common-practice music: modulations but not tonicizations, as in textbooks; tuned on annotated scores.
    static let commonPractice = Settings(
      pitchClass: 0.165, chord: 0.105, resolution: 0.95, change: 5.1, fifth: 2.1, home: 0.09, parallel: 2.3,
      chords: .qualities, calibration: (0.5, 0))
  }

  /// The key of every quarter note.
  private(set) var keys: [Key] = []
  /// The key of the piece, by which the names of the keys are chosen; without one, these are the usual names.
  var home: Key?
  private var chain: KeyChain?
  private let settings: Settings

  private static let count = Key.count
  private static let step = HarmonicFrames.perQuarter

  init(_ frames: HarmonicFrames, chordStates: [ChordModel.State], _ settings: Settings, home: Key? = nil) {
    (self.settings, self.home) = (settings, home)
    let scores = Self.emissions(frames, chordStates, settings, home: home)
    guard !scores.isEmpty else { return }
    let chain = KeyChain(scores, settings)
    keys = chain.likeliestPath().map(Key.init(index:))
    self.chain = chain
  }

  /// The key of a frame.
  func key(at frame: Int) -> Key { keys[min(keys.count - 1, frame / Self.step)] }

  /// The name of the key of a frame.
  func name(at frame: Int) -> KeyName { name(of: key(at: frame)) }

  /// The name of a key in this piece.
  func name(of key: Key) -> KeyName { home.map { KeyName(key, near: KeyName($0)) } ?? KeyName(key) }

  /// The spans of one key, from the first sound to the last.
  func spans(_ frames: HarmonicFrames) -> [KeySpan] {
    guard let posteriors = chain?.posteriors(of: keys.map(\.index)) else { return [] }
    var spans: [KeySpan] = []
    var start = 0
    for quarter in keys.indices where quarter + 1 == keys.count || keys[quarter + 1] != keys[quarter] {
      let end = min(frames.count, (quarter + 1) * Self.step)
      spans.append(
        KeySpan(
          start: frames.time(of: start * Self.step), end: frames.time(of: end), name: name(of: keys[quarter]),
          confidence: Confidence.calibrated(
            posteriors[start...quarter].reduce(0, +) / Double(quarter + 1 - start), slope: settings.calibration.slope,
            offset: settings.calibration.offset)))
      start = quarter + 1
    }
    return spans
  }

  /// The log evidence of each quarter note for each key, quarters × 24.
  private static func emissions(
    _ frames: HarmonicFrames, _ states: [ChordModel.State], _ settings: Settings, home: Key?
  ) -> [Double] {
    let distances =
      home.map { LocalKeys.distances(parallel: settings.parallel)[$0.index] } ?? Array(repeating: 0, count: count)
    let (degrees, chords) = (settings.degreeScores, settings.chordScores)
    var scores: [Double] = []
    scores.reserveCapacity((frames.count + step - 1) / step * count)
    for start in stride(from: 0, to: frames.count, by: step) {
      let quarter = start..<min(frames.count, start + step)
      let sounding = frames.profile(.sounding, in: quarter).weights
      // Repeated, so that the degrees of every key are contiguous.
      let octaves = sounding + sounding
      for key in 0..<count {
        let (tonic, mode) = (key % 12, key / 12)
        var score = -settings.home * distances[key]
        for degree in 0..<12 { score += degrees[mode * 12 + degree] * octaves[tonic + degree] }
        for frame in quarter {
          let degree = (states[frame].root - tonic + 12) % 12
          score += chords[(mode * 12 + degree) * ChordModel.qualities + states[frame].qualityIndex]
        }
        scores.append(score)
      }
    }
    if settings.resolution > 0 {
      for (frame, key, weight) in resolutions(states) {
        for quarter in [frame / step, max(0, frame / step - 1)] {
          scores[quarter * count + key] += settings.resolution * weight
        }
      }
    }
    return scores
  }

  /// The resolutions of dominants: the frame of the tonic, its key, and the weight of the kind of dominant.
  private static func resolutions(_ states: [ChordModel.State]) -> [(frame: Int, key: Int, weight: Double)] {
    zip(states.indices.dropFirst(), zip(states, states.dropFirst())).compactMap { frame, pair in
      let (from, to) = pair
      let mode: Int
      switch to.quality.family {
      case .major: mode = 0
      case .minor: mode = 12
      case .other: return nil
      }
      let interval = (from.root - to.root + 12) % 12
      switch from.quality {
      case .maj where interval == 7: return (frame, to.root + mode, 1)
      case .dominant7 where interval == 7: return (frame, to.root + mode, 1.3)
      case .dim where interval == 11, .dim7 where interval == 11, .hdim7 where interval == 11:
        return (frame, to.root + mode, 1)
      default: return nil
      }
    }
  }
}

extension LocalKeys.Settings {
  /// The weight of a frame of each scale degree: row mode, column degree.
  fileprivate var degreeScores: [Double] { LocalKeys.degreeLogs.flatMap { $0.map { pitchClass * $0 } } }

  /// The weight of a frame of each chord: row `mode × 12 + degree`, column quality.
  fileprivate var chordScores: [Double] {
    switch chords {
    case .families:
      (0..<24).flatMap { row in
        ChordQuality.allCases.map { chord * LocalKeys.chordLogs[row / 12][$0.family.rawValue][row % 12] }
      }
    case .qualities: LocalKeys.qualityLogs.map { chord * $0 }
    }
  }
}
