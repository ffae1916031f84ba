internal import Glibc
public import MusicCore

/// The beats and bars of a piece in seconds, and their source.
public struct MetricalGrid: Hashable, Sendable, Codable {
  /// Whether beats were read from the tempo map or estimated.
  public enum Source: String, Hashable, Sendable, Codable {
    case tempoMap = "tempo map"
    case estimated
  }

  /// A meter and the time from which it applies.
  public struct MeterChange: Hashable, Sendable, Codable {
    /// When the meter begins to apply.
    public var startSeconds: Seconds
    /// The meter.
    public var meter: Meter

    /// Creates a change of meter.
    public init(startSeconds: Seconds, meter: Meter) {
      self.startSeconds = startSeconds
      self.meter = meter
    }
  }

  /// Whether the beats come from the file or were estimated.
  public var source: Source
  /// The reason why the tempo map was used or not, as text.
  public var reason: String
  /// The times of the beats, ascending; at least two.
  public var beatsSeconds: [Seconds]
  /// The probability that each beat is correct, calibrated on annotated performances; 1 for beats of a tempo map.
  public var beatConfidences: [Double]
  /// The indices of the downbeats among the beats.
  public var downbeats: [Int]
  /// The meters in order; at least one. A pickup is not a change of meter.
  public var meters: [MeterChange]
  /// The number of the bar of the first downbeat, as in printed scores: 0 for a pickup.
  public var firstBarNumber: Int
  /// The position of each beat in quarter notes, ascending.
  public var quarters: [Double]

  /// Creates a grid. Without `quarters` they are computed from the meters; without confidences those of all beats are 1.
  public init(
    source: Source,
    reason: String,
    beatsSeconds: [Seconds],
    beatConfidences: [Double]? = nil,
    downbeats: [Int],
    meters: [MeterChange],
    firstBarNumber: Int = 1,
    quarters: [Double]? = nil
  ) {
    self.source = source
    self.reason = reason
    self.beatsSeconds = beatsSeconds
    self.beatConfidences = beatConfidences ?? beatsSeconds.map { _ in 1 }
    self.downbeats = downbeats
    self.meters = meters
    self.firstBarNumber = firstBarNumber
    self.quarters = quarters ?? Self.quarters(beatsSeconds, meters)
  }

  private static func quarters(_ beats: [Seconds], _ meters: [MeterChange]) -> [Double] {
    var (position, next, length) = (0.0, 0, 1.0)
    return beats.map { beat in
      let place = position
      while next < meters.count, meters[next].startSeconds <= beat {
        length = meters[next].meter.quartersPerBeat
        next += 1
      }
      position += length
      return place
    }
  }

  /// The times of the downbeats.
  public var downbeatsSeconds: [Seconds] { downbeats.map { beatsSeconds[$0] } }

  /// The tempo in beats per minute, from the median inter-beat interval.
  public var tempoBPM: Double {
    let intervals = zip(beatsSeconds, beatsSeconds.dropFirst()).map { ($1 - $0).rawValue }.sorted()
    return intervals.isEmpty ? 0 : 60 / intervals[intervals.count / 2]
  }

  /// The predominant meter: that of most beats.
  public var meter: Meter {
    var lengths: [Meter: Double] = [:]
    let end = beatsSeconds.last?.rawValue ?? 0
    for (index, change) in meters.enumerated() {
      let next = index + 1 < meters.count ? meters[index + 1].startSeconds.rawValue : end
      lengths[change.meter, default: 0] += next - change.startSeconds.rawValue
    }
    let longest = lengths.max { ($0.value, $1.key.description) < ($1.value, $0.key.description) }
    return longest?.key ?? Meter(numerator: 4, denominator: 4)
  }

  /// The beats of a score: those of its tempo map if the onsets are aligned with them, otherwise estimated from the onsets.
  /// Nil if there are fewer than two onsets.
  ///
  /// - Complexity: O(n log n).
  public init?(_ score: Score) {
    let pitched = score.playedNotes()
    self.init(score, notes: pitched.isEmpty ? score.playedNotes(drums: true) : pitched)
  }

  /// The beats of a score whose notes are given in order of onset.
  init?(_ score: Score, notes: [PlayedNote]) {
    let evidence = TempoMapEvidence(score)
    if evidence.isBelievable, let grid = MetricalGrid(tempoMapOf: score, reason: evidence.reason) {
      self = grid
    } else if let grid = MetricalGrid(estimatedFrom: notes, reason: evidence.reason) {
      self = grid
    } else {
      return nil
    }
  }

  /// The position of a time in beats, extrapolated beyond the grid with the tempo at its ends. O(log n) in the number of
  /// beats.
  public func position(of time: Seconds) -> Double {
    guard beatsSeconds.count > 1 else { return 0 }
    let next = beatsSeconds[1..<beatsSeconds.count - 1].partitioningIndex { $0 > time }
    let length = (beatsSeconds[next] - beatsSeconds[next - 1]).rawValue
    return Double(next - 1) + (time - beatsSeconds[next - 1]).rawValue / length
  }
}
