internal import Glibc
public import MusicCore

/// Beats, bars and tempo of a piece, and the rhythm of its onsets relative to them.
///
/// Parts that need more music than there is are nil; no number is infinite or NaN.
public struct RhythmAnalysis: Hashable, Sendable, Codable {
  /// A tempo at a time.
  public struct TempoPoint: Hashable, Sendable, Codable {
    /// The time.
    public var seconds: Seconds
    /// The tempo from then on.
    public var beatsPerMinute: Double
  }

  /// Beats per minute, from the median time between beats.
  public var tempoBPM: Double?
  /// The predominant meter.
  public var meter: Meter?
  /// All meters in order.
  public var meters: [MetricalGrid.MeterChange]
  /// The times of the beats.
  public var beatsSeconds: [Seconds]
  /// The probability that each beat is one; 1 for those of a tempo map.
  public var beatConfidences: [Double]
  /// The times of the first beats of bars.
  public var downbeatsSeconds: [Seconds]
  /// The number that the bar of the first downbeat has in print, and the others count on from: 0 for a pickup.
  public var firstBarNumber: Int?
  /// Whether the beats come from the file or were estimated; nil without beats.
  public var beatSource: MetricalGrid.Source?
  /// Why that source was chosen.
  public var beatSourceReason: String?
  /// The tempo at each beat, the median of five.
  public var tempoCurve: [TempoPoint]
  /// Standard deviation of the logarithm of the tempo curve: 0 is a machine, 0.1 about a tenth up and down.
  public var tempoVariation: Double?
  /// Notes that start together count as one onset.
  public var onsetsPerSecond: Double?
  /// The mean number of notes per second.
  public var notesPerSecond: Double?
  /// The distribution of the times between consecutive onsets.
  public var interOnsetHistogram: LogHistogram
  /// The distribution of the durations of notes.
  public var durationHistogram: LogHistogram
  /// Mean of a bar, after Longuet-Higgins & Lee; zero for none.
  public var syncopation: Double?
  /// The same of the melody alone.
  public var melodicSyncopation: Double?
  /// The first half of a beat over the second; 1 is straight.
  public var swingRatio: Double?
  /// How alike neighboring bars are, 0…1.
  public var grooveConsistency: Double?
  /// The polyrhythms of the hands, the most frequent first.
  public var polyrhythms: [Polyrhythm]

  /// The rhythm of a score without its drums, or of those where there is nothing else.
  ///
  /// - Complexity: O(n log n) in the number of notes.
  public init(_ score: Score) {
    let pitched = score.playedNotes()
    let notes = pitched.isEmpty ? score.playedNotes(drums: true) : pitched
    self.init(notes: notes, grid: MetricalGrid(score, notes: notes), melody: MelodicLine(pitched))
  }

  /// The same from intermediate results that are already computed.
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
