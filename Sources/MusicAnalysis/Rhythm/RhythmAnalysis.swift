internal import Glibc
public import MusicCore

/// Beats, bars and tempo of a piece, and the rhythm of its onsets relative to them.
///
/// Results for which the piece is too short are nil; no number is infinite or NaN.
public struct RhythmAnalysis: Hashable, Sendable, Codable {
  /// A tempo at a time.
  public struct TempoPoint: Hashable, Sendable, Codable {
    /// The time.
    public var seconds: Seconds
    /// The tempo from then on.
    public var beatsPerMinute: Double
  }

  /// The tempo in beats per minute, from the median inter-beat interval.
  public var tempoBPM: Double?
  /// The predominant meter.
  public var meter: Meter?
  /// All meters in order.
  public var meters: [MetricalGrid.MeterChange]
  /// The times of the beats.
  public var beatsSeconds: [Seconds]
  /// The probability that each beat is correct; 1 for beats of a tempo map.
  public var beatConfidences: [Double]
  /// The times of the downbeats.
  public var downbeatsSeconds: [Seconds]
  /// The number of the bar of the first downbeat, as in printed scores: 0 for a pickup.
  public var firstBarNumber: Int?
  /// Whether the beats come from the file or were estimated; nil without beats.
  public var beatSource: MetricalGrid.Source?
  /// Why that source was chosen.
  public var beatSourceReason: String?
  /// The tempo at each beat, smoothed by a median filter of five intervals.
  public var tempoCurve: [TempoPoint]
  /// The standard deviation of the logarithm of the tempo curve: 0 for a constant tempo, 0.1 for variations of about 10 %.
  public var tempoVariation: Double?
  /// The mean number of onsets per second; notes that start together are one onset.
  public var onsetsPerSecond: Double?
  /// The mean number of notes per second.
  public var notesPerSecond: Double?
  /// The distribution of inter-onset intervals.
  public var interOnsetHistogram: LogHistogram
  /// The distribution of the durations of notes.
  public var durationHistogram: LogHistogram
  /// The mean syncopation of a bar by Longuet-Higgins & Lee (1984); zero without syncopation.
  public var syncopation: Double?
  /// The mean syncopation of the melody alone.
  public var melodicSyncopation: Double?
  /// The median swing ratio, the first eighth note of a beat to the second; 1 is straight.
  public var swingRatio: Double?
  /// The similarity of the onsets of neighboring bars, 0…1.
  public var grooveConsistency: Double?
  /// The polyrhythms of the hands, the most frequent first.
  public var polyrhythms: [Polyrhythm]

  /// The rhythm of a score without its drums; that of the drums if there are no other notes.
  ///
  /// - Complexity: O(n log n) in the number of notes.
  public init(_ score: Score) {
    let pitched = score.playedNotes()
    let notes = pitched.isEmpty ? score.playedNotes(drums: true) : pitched
    self.init(notes: notes, grid: MetricalGrid(score, notes: notes), melody: MelodicLine(pitched))
  }

  /// Creates the analysis from intermediate results.
  init(notes: [PlayedNote], grid: MetricalGrid?, melody: MelodicLine) {
    let groups = OnsetGroup.groups(of: notes)
    let onsets = groups.map { Seconds($0.onset) }
    interOnsetHistogram = LogHistogram(zip(onsets, onsets.dropFirst()).lazy.map { $1 - $0 })
    durationHistogram = LogHistogram(notes.lazy.map(\.duration))
    if let first = onsets.first, let last = onsets.last, last > first {
      let length = (last - first).rawValue
      onsetsPerSecond = Double(onsets.count - 1) / length
      notesPerSecond = Double(notes.count) / length
    }
    (meters, beatsSeconds, beatConfidences, downbeatsSeconds, tempoCurve, polyrhythms) = ([], [], [], [], [], [])
    guard let grid else { return }
    tempoBPM = grid.tempoBPM
    meter = grid.meter
    meters = grid.meters
    beatsSeconds = grid.beatsSeconds
    beatConfidences = grid.beatConfidences
    downbeatsSeconds = grid.downbeatsSeconds
    firstBarNumber = grid.firstBarNumber
    beatSource = grid.source
    beatSourceReason = grid.reason
    tempoCurve = Self.tempoCurve(grid.beatsSeconds)
    tempoVariation = Self.deviation(tempoCurve.map { log($0.beatsPerMinute) })
    let pattern = BarPattern(onsets: onsets, grid: grid)
    syncopation = pattern.syncopation
    grooveConsistency = pattern.grooveConsistency
    if !grid.meter.isCompound { swingRatio = pattern.swingRatio }
    melodicSyncopation = BarPattern(onsets: melody.notes.map(\.onset), grid: grid).syncopation
    let hands = Hands(notes).isRight
    func positions(right: Bool) -> [Double] {
      let hand = notes.indices.lazy.filter { hands[$0] == right }.map { notes[$0] }
      let onsets = OnsetGroup.groups(of: Array(hand)).map { Seconds($0.onset) }
      return BarPattern(onsets: onsets, grid: grid).positions
    }
    polyrhythms = Polyrhythm.find(right: positions(right: true), left: positions(right: false), grid: grid)
  }

  private static func tempoCurve(_ beats: [Seconds]) -> [TempoPoint] {
    let intervals = zip(beats, beats.dropFirst()).map { ($1 - $0).rawValue }
    return intervals.indices.map { index in
      let near = intervals[max(0, index - 2)...min(intervals.count - 1, index + 2)].sorted()
      return TempoPoint(seconds: beats[index], beatsPerMinute: 60 / near[near.count / 2])
    }
  }

  private static func deviation(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }
}
