internal import Glibc
public import MusicCore

/// The features of a chord chart at one time, which a model gets as input in addition to each token:
///
/// | indices | value |
/// |---|---|
/// | 0–11 | 1 for the pitch classes of the current chord, C first |
/// | 12–23 | one-hot: its root |
/// | 24–35 | one-hot: its bass |
/// | 36–71 | the same of the next chord |
/// | 72–79 | the time since the current chord began |
/// | 80–87 | the time until the next chord begins |
/// | 88–111 | one-hot: the key, C major … B major, C minor … B minor |
/// | 112 | 1: there is a chart |
///
/// Times are distributed over two neighboring ones of the lengths 1/16, 1/8 … 8 s, linearly in their logarithm. Where the
/// chart has no chord, or no next one, its features are 0; without a chart all are.
public enum ChartPlanes {
  /// The number of features.
  public static let count = isPresent + 1

  /// The planes with one value for each pitch class, which come first: tones, root and bass of both chords.
  public static let perClass = 6

  private static let chord = 36
  private static let times = 8
  private static let since = 2 * chord
  private static let until = since + times
  /// The index of the key's features.
  public static let key = until + times
  private static let isPresent = key + Key.count

  /// Writes the features of a chart at a time. O(log n).
  ///
  /// - Parameter values: room for `count` numbers.
  public static func write(_ chart: ChordChart?, at time: TokenTime, to values: UnsafeMutablePointer<Float>) {
    values.update(repeating: 0, count: count)
    guard let chart else { return }
    values[isPresent] = 1
    let index = chart.index(at: time)
    if let entry = index.map({ chart.entries[$0] }), entry.end > time {
      write(entry.chord, to: values)
      write(time - entry.start, to: values + since)
      values[key + entry.key.index] = 1
    }
    let next = index.map { $0 + 1 } ?? 0
    guard next < chart.entries.count else { return }
    write(chart.entries[next].chord, to: values + chord)
    write(chart.entries[next].start - time, to: values + until)
  }

  private static func write(_ chord: Chord, to values: UnsafeMutablePointer<Float>) {
    for interval in chord.quality.intervals { values[chord.root.transposed(by: interval).rawValue] = 1 }
    values[12 + chord.root.rawValue] = 1
    values[24 + chord.bass.rawValue] = 1
  }

  private static func write(_ time: TokenTime, to values: UnsafeMutablePointer<Float>) {
    let shortest = Float(TokenTime.ticksPerSecond) / 16
    let place = min(Float(times - 1), max(0, log2(Float(max(1, time.rawValue)) / shortest)))
    let below = Int(place)
    values[below] = 1 - (place - Float(below))
    if below + 1 < times { values[below + 1] = place - Float(below) }
  }
}
