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
    let onsets = notes.map { ($0.onset.rawValue * Double(Token.ticksPerSecond)).rounded() }
    let longestPeriod = limits.longestPeriod.rawValue * Double(Token.ticksPerSecond)
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
    var start = lag
    while start < notes.count {
      var end = start
      var (low, high) = (Double.infinity, -Double.infinity)
      while end < notes.count, notes[end].pitch == notes[end - lag].pitch {
        let period = onsets[end] - onsets[end - lag]
        guard period <= longestPeriod, max(high, period) - min(low, period) <= 2 else { break }
        (low, high, end) = (min(low, period), max(high, period), end + 1)
      }
      let loop = Loop(
        start: notes[start - lag].onset, period: Seconds((low + high) / 2 / Double(Token.ticksPerSecond)), notes: lag,
        statements: Double(end - start + lag) / Double(lag))
      if end > start, loop.statements >= limits.fewestStatements, loop.duration >= limits.shortest {
        loops.append(loop)
      }
      start = max(end, start + 1)
    }
    return loops
  }
}
