internal import Glibc
internal import MusicCore

/// Loudness over time, estimated from the velocities of the surrounding notes.
///
/// The curve has a point every half second: the mean velocity of the louder half of the notes in a window of two seconds,
/// which depends more on the leading voice than on the accompaniment. It is interpolated linearly across windows without
/// onsets.
struct LevelCurve {
  static let step = 0.5
  static let window = 2.0

  let start: Double
  private(set) var levels: [Double] = []

  /// The curve of notes that are sorted by onset. O(n log n).
  init(_ notes: [PlayedNote]) {
    start = notes.first?.onset.rawValue ?? 0
    guard let last = notes.last?.onset.rawValue else { return }
    // Bounds the memory for files with a few notes in hours of silence.
    let count = min(Int((last - start) / Self.step) + 1, 200_000)
    var known: [(index: Int, level: Double)] = []
    var window = 0..<0
    for index in 0..<count {
      let time = start + Double(index) * Self.step
      var (low, high) = (window.lowerBound, window.upperBound)
      while high < notes.count, notes[high].onset.rawValue <= time + Self.window / 2 { high += 1 }
      while low < high, notes[low].onset.rawValue < time - Self.window / 2 { low += 1 }
      window = low..<high
      guard !window.isEmpty else { continue }
      let velocities = notes[window].map { Double($0.velocity.rawValue) }.sorted(by: >)
      let louder = velocities.prefix((velocities.count + 1) / 2)
      known.append((index, louder.reduce(0, +) / Double(louder.count)))
    }
    for (point, next) in zip(known, known.dropFirst()) {
      for index in point.index..<next.index {
        let part = Double(index - point.index) / Double(next.index - point.index)
        levels.append(point.level + part * (next.level - point.level))
      }
    }
    if let last = known.last { levels.append(last.level) }
  }

  func time(_ index: Int) -> Seconds { Seconds(start + Double(index) * Self.step) }

  /// The monotonic trends between turning points with a topological persistence of at least `rise` velocities; smaller
  /// fluctuations are ignored, and without larger ones there is only the whole curve (Edelsbrunner et al. 2002).
  func stretches(rise: Double) -> [Range<Int>] {
    guard levels.count > 1 else { return [] }
    var turns = [0]
    // The extremes since the last turning point; before the first one, both are candidates.
    var (lowest, highest) = (0, 0)
    var isRising: Bool?
    for index in levels.indices {
      if levels[index] > levels[highest] { highest = index }
      if levels[index] < levels[lowest] { lowest = index }
      if isRising != false, levels[highest] - levels[index] >= rise {
        turns.append(highest)
        (isRising, lowest) = (false, index)
      } else if isRising != true, levels[index] - levels[lowest] >= rise {
        turns.append(lowest)
        (isRising, highest) = (true, index)
      }
    }
    turns.append(levels.count - 1)
    return zip(turns, turns.dropFirst()).filter { $0 < $1 }.map { $0..<$1 }
  }
}
