public import MusicAnalysis
public import MusicCore
internal import MusicTokens

/// A stretch of music that says the same again and again.
///
/// The notes are taken by rising onset, then pitch. In a loop of `n` notes every note has the pitch of the note `n` before
/// it, and follows it at the loop's period, to a tick of 1/64 s for the rounding of onsets. Nothing else sounds beside it, or
/// the notes would not line up.
public struct Loop: Hashable, Sendable, Codable {
  public var start: Seconds
  /// The time from one statement to the next.
  public var period: Seconds
  /// Notes of a statement.
  public var notes: Int
  /// How often the notes are stated, first time and broken last time included.
  public var statements: Double

  /// How long the loop goes on.
  public var duration: Seconds { Seconds(period.rawValue * statements) }

  /// What counts as a loop.
  public struct Limits: Hashable, Sendable, Codable {
    /// The longest period: a bar of four beats at 60 a minute, since tokens know no bars.
    public var longestPeriod = Seconds(4)
    /// The fewest statements: the first, and eight that repeat it.
    public var fewestStatements = 9.0
    /// The shortest loop. Trills and repeated notes, which make up less than that, are ornaments.
    public var shortest = Seconds(4)

    public init() {}
  }

  /// The longest loop of notes that are sorted by onset, then pitch; nil where there is none.
  ///
  /// - Complexity: O(n) times the notes of the longest period.
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

/// Where notes agree with those a number of notes earlier.
private struct Stretches {
  let notes: [PlayedNote]
  /// In ticks.
  let onsets: [Double]
  let lag: Int
  let longestPeriod: Double

  /// Whether as many notes never fit into a period.
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
      // The next stretch begins with what is before this note and still lines up with it.
      (start, band) = (end + 1, Band())
      guard let period, band.add(period) else { continue }
      start = end
      while start > lag, let earlier = self.period(start - 1), band.add(earlier) { start -= 1 }
    }
    return loops
  }

  /// How many ticks after the note it agrees with a note comes; nil where it agrees with none.
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

  /// Periods that are one within the rounding of onsets: two ticks.
  private struct Band {
    var low = Double.infinity
    var high = -Double.infinity

    /// Whether a period is one with the others; only then it is among them.
    mutating func add(_ period: Double) -> Bool {
      guard max(high, period) - min(low, period) <= 2 else { return false }
      (low, high) = (min(low, period), max(high, period))
      return true
    }
  }
}
