internal import Glibc
internal import MusicAnalysis
package import MusicCore

/// The tempo of a take compared with its reference, on the beats of the reference.
package struct TakeTempo: Sendable, Encodable {
  /// A beat of the reference and the time at which the take plays it.
  package struct Beat: Sendable, Encodable {
    package var seconds: Seconds
    package var referenceSeconds: Seconds
    package var bar: Int?
    package var beat: Double?
    /// The tempo over the previous and the next beat.
    package var beatsPerMinute: Double
    package var referenceBeatsPerMinute: Double
    package var passage: Int
  }

  /// The tempo by the median time between beats.
  package var beatsPerMinute: Double
  package var referenceBeatsPerMinute: Double
  /// The meter of the largest part of the reference.
  package var meter: Meter
  /// The standard deviation of the logarithm of the beats' tempo: 0 is perfectly steady, 0.1 varies by about a tenth.
  package var variation: Double
  package var referenceVariation: Double
  package var beats: [Beat]

  /// Nil if the take has fewer than two consecutive beats.
  init?(_ alignment: TakeAlignment, grid: MetricalGrid, _ positions: BarPositions?) {
    beats = []
    var intervals: [Double] = []
    for (index, passage) in alignment.passages.enumerated() {
      let notes = alignment.reference[passage.reference]
      let (first, last) = (notes[notes.startIndex].onset, notes[notes.endIndex - 1].onset)
      let slack = Seconds(1e-3)
      let range =
        grid.beatsSeconds.partitioningIndex {
          $0 >= first - slack
        }..<grid.beatsSeconds.partitioningIndex {
          $0 > last + slack
        }
      guard range.count > 1 else { continue }
      let times = grid.beatsSeconds[range].map { passage.warp.played($0).rawValue }
      let expected = grid.beatsSeconds[range].map(\.rawValue)
      intervals += zip(times, times.dropFirst()).map { $1 - $0 }
      let (played, written) = (Self.tempi(times), Self.tempi(expected))
      for (place, beat) in range.enumerated() {
        let position = positions?.place(of: grid.beatsSeconds[beat])
        beats.append(
          Beat(
            seconds: Seconds(times[place]), referenceSeconds: grid.beatsSeconds[beat], bar: position?.bar,
            beat: position?.beat, beatsPerMinute: played[place], referenceBeatsPerMinute: written[place],
            passage: index))
      }
    }
    guard !intervals.isEmpty else { return nil }
    beatsPerMinute = 60 / intervals.sorted()[intervals.count / 2]
    referenceBeatsPerMinute = grid.tempoBPM
    meter = grid.meter
    variation = beats.map { log($0.beatsPerMinute) }.standardDeviation ?? 0
    referenceVariation = beats.map { log($0.referenceBeatsPerMinute) }.standardDeviation ?? 0
  }

  /// The tempo at each of at least two beats, computed over its neighbors.
  private static func tempi(_ times: [Double]) -> [Double] {
    times.indices.map { beat in
      let (first, last) = (max(0, beat - 1), min(times.count - 1, beat + 1))
      return 60 * Double(last - first) / max(1e-3, times[last] - times[first])
    }
  }
}

/// A bar of the reference as played in the take.
package struct TakeBar: Sendable, Encodable {
  /// The printed number.
  package var bar: Int
  package var passage: Int
  /// The time span in which it is played, from downbeat to downbeat within its passage.
  package var startSeconds: Seconds
  package var endSeconds: Seconds
  package var counts: TakeMeasures.Counts
  package var beatsPerMinute: Double
  package var referenceBeatsPerMinute: Double

  /// The bars with notes, in the order of the take.
  static func all(_ alignment: TakeAlignment, _ places: Places, _ positions: BarPositions) -> [TakeBar] {
    var counts = Array(repeating: [Int: TakeMeasures.Counts](), count: alignment.passages.count)
    for note in alignment.notes {
      guard let bar = places.place(of: note)?.bar else { continue }
      counts[note.passage][bar, default: .init()].count(note.kind)
    }
    return counts.enumerated().flatMap { index, counts in
      let warp = alignment.passages[index].warp
      let first = index == 0 ? Seconds.zero : alignment.take[alignment.passages[index].played.lowerBound].onset
      let last =
        index + 1 == alignment.passages.count
        ? nil : Optional(alignment.take[alignment.passages[index + 1].played.lowerBound].onset)
      return counts.sorted { $0.key < $1.key }.map { number, counts in
        let bar = number - positions.firstBar
        let (start, end) = (positions.beats[positions.downbeats[bar]], positions.end(of: bar))
        let beats = Double(positions.beatCount(bar))
        let (from, to) = (warp.played(start), warp.played(end))
        return TakeBar(
          bar: number, passage: index, startSeconds: max(first, from), endSeconds: last.map { min($0, to) } ?? to,
          counts: counts,
          beatsPerMinute: 60 * beats / max(1e-3, (to - from).rawValue),
          referenceBeatsPerMinute: 60 * beats / max(1e-3, (end - start).rawValue))
      }
    }
  }
}
