internal import Glibc
public import MusicCore

/// The beats and bars of a piece in wall-clock time, and where they come from.
public struct MetricalGrid: Hashable, Sendable, Codable {
  /// Whether beats were read from the tempo map or estimated.
  public enum Source: String, Hashable, Sendable, Codable {
    case tempoMap = "tempo map"
    case estimated
  }

  /// A meter from a bar on.
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
  /// Why the tempo map was used or not, as a sentence.
  public var reason: String
  /// Rising; at least two.
  public var beatsSeconds: [Seconds]
  /// The probability that each beat is one, calibrated on annotated performances; 1 for those of a tempo map.
  public var beatConfidences: [Double]
  /// Indices of the beats that begin a bar.
  public var downbeats: [Int]
  /// The meters in order; at least one. A pickup is no change of meter.
  public var meters: [MeterChange]
  /// The number that the bar of the first downbeat has in print: 0 for a pickup.
  public var firstBarNumber: Int
  /// The place of each beat in quarter notes, rising.
  public var quarters: [Double]

  /// A grid; `quarters` follow from the meters where they are not given, and beats are sure.
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

  /// The times of the first beats of bars.
  public var downbeatsSeconds: [Seconds] { downbeats.map { beatsSeconds[$0] } }

  /// The tempo in beats per minute: 60 s over the median time between beats.
  public var tempoBPM: Double {
    let intervals = zip(beatsSeconds, beatsSeconds.dropFirst()).map { ($1 - $0).rawValue }.sorted()
    return intervals.isEmpty ? 0 : 60 / intervals[intervals.count / 2]
  }

  /// The meter of the greatest part of the beats.
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

  /// The beats of a score, read from its tempo map where its onsets keep to that and else estimated from the onsets;
  /// nil where there is not enough music, which is fewer than two onsets.
  ///
  /// - Complexity: O(n log n).
  public init?(_ score: Score) {
    let pitched = score.playedNotes()
    self.init(score, notes: pitched.isEmpty ? score.playedNotes(drums: true) : pitched)
  }

  /// The same from notes that are at hand, by rising onset.
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

  /// The place of a moment on the grid in beats, which goes on at the tempo of the ends outside it.
  /// O(log n) in the number of beats.
  public func position(of time: Seconds) -> Double {
    guard beatsSeconds.count > 1 else { return 0 }
    let next = beatsSeconds[1..<beatsSeconds.count - 1].partitioningIndex { $0 > time }
    let length = (beatsSeconds[next] - beatsSeconds[next - 1]).rawValue
    return Double(next - 1) + (time - beatsSeconds[next - 1]).rawValue / length
  }
}
