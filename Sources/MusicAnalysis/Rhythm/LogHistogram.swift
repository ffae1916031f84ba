internal import Glibc
public import MusicCore

/// A histogram of durations in logarithmic bins: four per octave from 1/64 s to 16 s; shorter and longer durations are counted
/// in the outermost bins.
public struct LogHistogram: Hashable, Sendable, Codable {
  /// The lower edge of the first bin.
  public static let lowest = Seconds(1.0 / 64)
  /// The number of bins per octave, a doubling of the duration.
  public static let binsPerOctave = 4
  /// The number of octaves.
  public static let octaves = 10

  /// The lower edges of the bins.
  public let edgesSeconds: [Seconds]
  /// The number of durations in each bin.
  public private(set) var counts: [Int]

  /// The histogram of durations; those that are not positive count as the shortest. O(n).
  public init(_ durations: some Sequence<Seconds>) {
    let bins = Self.octaves * Self.binsPerOctave
    edgesSeconds = (0..<bins).map { bin in
      Seconds(Self.lowest.rawValue * exp2(Double(bin) / Double(Self.binsPerOctave)))
    }
    counts = [Int](repeating: 0, count: bins)
    for duration in durations {
      let octave = log2(max(duration.rawValue, 1e-9) / Self.lowest.rawValue)
      counts[max(0, min(bins - 1, Int((octave * Double(Self.binsPerOctave)).rounded(.down))))] += 1
    }
  }
}
