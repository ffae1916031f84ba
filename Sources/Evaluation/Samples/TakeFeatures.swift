internal import Glibc
public import MusicAnalysis
internal import MusicCore
internal import MusicTokens

/// The features by which takes are compared (Yang & Lerch 2020), all in terms of time in seconds, since generated music
/// has no bars and no note values.
///
/// All but the first are normalized histograms.
public struct TakeFeatures: FeatureSet, Hashable {
  /// The names of the features.
  public enum Name: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
    /// The number of distinct pitches.
    case pitchCount
    /// The pitch histogram, 128 bins.
    case pitch
    /// The pitch-class histogram, 12 bins.
    case pitchClass
    /// The intervals from each note to the next, ordered by onset, then pitch: 49 bins, intervals beyond two octaves
    /// clipped.
    case interval
    /// The inter-onset intervals: zero (up to a tick of 1/64 s), then 18 half octaves of time from 2 ticks on.
    case interOnset
    /// The note durations, 19 half octaves of time from a tick on.
    case noteLength
    /// The dynamic levels, 6 bins.
    case velocity
    /// The share of time with 0, 1, … 9, and more sounding pitches.
    case polyphony
  }

  /// The values of each feature.
  public let values: [Name: [Double]]

  /// Computes the features of a take; nil if it has fewer than two notes. O(n log n).
  public init?(_ take: Take) {
    let notes = take.notes
    guard notes.count > 1 else { return nil }
    let pitches = notes.map { Int($0.pitch.rawValue) }
    let steps = zip(notes, notes.dropFirst())
    values = [
      .pitchCount: [Double(Set(pitches).count)],
      .pitch: Self.histogram(pitches, bins: 128),
      .pitchClass: Self.histogram(notes.map(\.pitch.pitchClass.rawValue), bins: 12),
      .interval: Self.histogram(
        zip(pitches, pitches.dropFirst()).map { max(-24, min(24, $1 - $0)) + 24 }, bins: 49),
      .interOnset: Self.histogram(steps.map { Self.timeBin($1.onset - $0.onset) }, bins: 19),
      .noteLength: Self.histogram(notes.map { Self.timeBin($0.duration) }, bins: 19),
      .velocity: Self.histogram(
        notes.map { Int(DynamicLevel(nearest: $0.velocity).rawValue) }, bins: DynamicLevel.allCases.count),
      .polyphony: Self.polyphony(take),
    ]
  }

  private static func histogram(_ bins: [Int], bins count: Int) -> [Double] {
    var histogram = Array(repeating: 0.0, count: count)
    for bin in bins { histogram[bin] += 1 / Double(bins.count) }
    return histogram
  }

  /// The bin of a time: 0 up to a tick, then half octaves around 2, 2√2, 4 … 1024 ticks; longer times are in the last
  /// bin.
  static func timeBin(_ time: Seconds) -> Int {
    let ticks = Double(TokenTime(time).rawValue)
    return ticks < 2 ? 0 : min(18, Int((2 * log2(ticks)).rounded()) - 1)
  }

  private static func polyphony(_ take: Take) -> [Double] {
    var changes: [(time: Double, step: Int)] = []
    for note in take.notes {
      changes += [(note.onset.rawValue, 1), (note.end.rawValue, -1)]
    }
    changes.append((take.duration.rawValue, 0))
    changes.sort { $0.time < $1.time }
    var times = Array(repeating: 0.0, count: 11)
    var (sounding, last) = (0, 0.0)
    for change in changes {
      times[min(10, sounding)] += change.time - last
      (sounding, last) = (sounding + change.step, change.time)
    }
    return times.map { last > 0 ? $0 / last : 0 }
  }
}
