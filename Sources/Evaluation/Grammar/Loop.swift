public import MusicAnalysis
public import MusicCore
internal import MusicTokens

/// A loop: a stretch of music that repeats the same notes at a constant period.
///
/// Notes are ordered by onset, then pitch. In a loop of `n` notes every note has the pitch of the note `n` before it
/// and follows it at the loop's period, within a tick of 1/64 s because onsets are rounded. No other notes may start in
/// between.
public struct Loop: Hashable, Sendable, Codable {
  /// When it begins.
  public var start: Seconds
  /// The time from one repetition to the next.
  public var period: Seconds
  /// The number of notes in the period.
  public var notes: Int
  /// The number of repetitions, including the first and a partial last one.
  public var statements: Double

  /// The duration of the whole loop.
  public var duration: Seconds { Seconds(period.rawValue * statements) }

  /// The limits that define a loop.
  public struct Limits: Hashable, Sendable, Codable {
    /// The longest period: a bar of four beats at 60 beats per minute, since tokens have no bars.
    public var longestPeriod = Seconds(4)
    /// The minimum number of repetitions: the first statement and eight more.
    public var fewestStatements = 9.0
    /// The minimum duration of a loop. Shorter repetitions are ornaments, such as trills.
    public var shortest = Seconds(4)

    /// The default limits.
    public init() {}
  }

  /// The longest loop of notes sorted by onset, then pitch; nil if there is none.
  ///
  /// - Complexity: O(n · p), where p is the number of notes in the longest period.
  public static func longest(in notes: [PlayedNote], limits: Limits = Limits()) -> Loop? {
    let onsets = notes.map { Double(TokenTime($0.onset).rawValue) }
    let longestPeriod = limits.longestPeriod.rawValue * Double(TokenTime.ticksPerSecond)
    var longest: Loop?
    for lag in 1..<max(1, notes.count) {
      let stretches = Stretches(notes: notes, onsets: onsets, lag: lag, longestPeriod: longestPeriod)
      if stretches.isTooLong { break }
      for loop in stretches.loops(limits) where loop.duration > longest?.duration ?? .zero { longest = loop }
    }
    return longest
  }
}

/// The stretches in which notes repeat those a fixed number of notes earlier.
private struct Stretches {
  let notes: [PlayedNote]
  /// In ticks.
  let onsets: [Double]
  let lag: Int
  let longestPeriod: Double

  /// Whether this number of notes never fits into the longest period.
  var isTooLong: Bool { !(lag..<notes.count).contains { onsets[$0] - onsets[$0 - lag] <= longestPeriod } }

  func loops(_ limits: Loop.Limits) -> [Loop] {
    var loops: [Loop] = []
    var (start, band) = (lag, Band())
    for end in lag..<notes.count + 1 {
      let period = period(end)
      if let period, band.add(period) { continue }
      if end > start {
        let loop = loop(start..<end, band)
        if loop.statements >= limits.fewestStatements, loop.duration >= limits.shortest { loops.append(loop) }
      }
      // The next stretch begins with the notes before this one that are still consistent with it.
      (start, band) = (end + 1, Band())
      guard let period, band.add(period) else { continue }
      start = end
      while start > lag, let earlier = self.period(start - 1), band.add(earlier) { start -= 1 }
    }
    return loops
  }

  /// The distance in ticks from the note that a note repeats; nil if it repeats none.
  private func period(_ index: Int) -> Double? {
    guard index < notes.count, notes[index].pitch == notes[index - lag].pitch else { return nil }
    let period = onsets[index] - onsets[index - lag]
    return period <= longestPeriod ? period : nil
  }

  private func loop(_ stretch: Range<Int>, _ band: Band) -> Loop {
    Loop(
      start: notes[stretch.lowerBound - lag].onset,
      period: Seconds((band.low + band.high) / 2 / Double(TokenTime.ticksPerSecond)), notes: lag,
      statements: Double(stretch.count + lag) / Double(lag))
  }

  /// Periods that are equal within the rounding of onsets: two ticks.
  private struct Band {
    var low = Double.infinity
    var high = -Double.infinity

    /// Adds a period if it is consistent with the others; returns whether it is.
    mutating func add(_ period: Double) -> Bool {
      guard max(high, period) - min(low, period) <= 2 else { return false }
      (low, high) = (min(low, period), max(high, period))
      return true
    }
  }
}
