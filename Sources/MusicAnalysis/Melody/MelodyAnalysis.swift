public import MusicCore

/// The melody of a piece and its shape. Results for which the piece is too short are nil.
public struct MelodyAnalysis: Hashable, Sendable, Codable {
  /// A note of the melody.
  public struct LineNote: Hashable, Sendable, Codable {
    /// When the note begins.
    public var startSeconds: Seconds
    /// When it ends.
    public var endSeconds: Seconds
    /// Its pitch.
    public var pitch: Pitch
  }

  /// The contour of a phrase: its first pitch, the mean of its inner pitches and its last pitch compared (Huron 1996).
  public enum Contour: String, Hashable, Sendable, Codable, CaseIterable {
    case convex, concave, ascending, descending, horizontal
  }

  /// How many phrases have a contour.
  public struct ContourCount: Hashable, Sendable, Codable {
    /// The shape of the phrases.
    public var contour: Contour
    /// The number of phrases with this shape.
    public var phrases: Int
  }

  /// The notes of the melody.
  public var line: [LineNote]
  /// Its lowest pitch.
  public var lowestPitch: Pitch?
  /// Its highest pitch.
  public var highestPitch: Pitch?
  /// Its mean key number.
  public var meanPitch: Double?
  /// A histogram of the melodic intervals −24, −23 … 24 semitones; larger ones are counted in the outermost bins.
  public var intervalCounts: [Int]
  /// The fraction of intervals that are steps: one or two semitones.
  public var stepShare: Double?
  /// The fraction of intervals that are leaps: three semitones or more.
  public var leapShare: Double?
  /// The share of intervals that are repetitions.
  public var repetitionShare: Double?
  /// The mean size of an interval, in semitones.
  public var meanIntervalSemitones: Double?
  /// The fraction of moving intervals, repetitions left out, that have the opposite direction of the one before.
  public var turnShare: Double?
  /// The number of phrases of each contour; phrases are separated by long inter-onset intervals.
  public var contours: [ContourCount]
  /// Recurring figures, long and frequent ones first.
  public var motives: [Motive]

  /// The melody of a score without its drums. O(n log² n).
  public init(_ score: Score) { self.init(MelodicLine(score.playedNotes())) }

  init(_ melody: MelodicLine) {
    let notes = melody.notes
    line = notes.map { LineNote(startSeconds: $0.onset, endSeconds: $0.end, pitch: $0.pitch) }
    lowestPitch = notes.map(\.pitch).min()
    highestPitch = notes.map(\.pitch).max()
    if !notes.isEmpty { meanPitch = notes.reduce(0) { $0 + Double($1.pitch.rawValue) } / Double(notes.count) }
    let intervals = zip(notes, notes.dropFirst()).map { Int($1.pitch.rawValue) - Int($0.pitch.rawValue) }
    intervalCounts = [Int](repeating: 0, count: 49)
    for interval in intervals { intervalCounts[24 + max(-24, min(24, interval))] += 1 }
    if !intervals.isEmpty {
      let count = Double(intervals.count)
      repetitionShare = Double(intervals.count { $0 == 0 }) / count
      stepShare = Double(intervals.count { (1...2).contains(abs($0)) }) / count
      leapShare = Double(intervals.count { abs($0) > 2 }) / count
      meanIntervalSemitones = Double(intervals.reduce(0) { $0 + abs($1) }) / count
    }
    let moves = intervals.filter { $0 != 0 }
    if moves.count > 1 {
      turnShare = Double(zip(moves, moves.dropFirst()).count { $0.signum() != $1.signum() }) / Double(moves.count - 1)
    }
    let shapes = Self.phrases(notes).filter { $0.count >= 4 }.map(Self.contour)
    contours = Contour.allCases.compactMap { contour in
      let phrases = shapes.count { $0 == contour }
      return phrases == 0 ? nil : ContourCount(contour: contour, phrases: phrases)
    }
    motives = MotiveFinder(notes).motives()
  }

  /// Segments the melody at inter-onset intervals that exceed 2.5 times the median.
  private static func phrases(_ notes: [PlayedNote]) -> [ArraySlice<PlayedNote>] {
    let intervals = zip(notes, notes.dropFirst()).map { ($1.onset - $0.onset).rawValue }
    guard !intervals.isEmpty else { return [] }
    let border = 2.5 * intervals.sorted()[intervals.count / 2]
    var phrases: [ArraySlice<PlayedNote>] = []
    var start = 0
    for (index, interval) in intervals.enumerated() where interval > border {
      phrases.append(notes[start...index])
      start = index + 1
    }
    phrases.append(notes[start...])
    return phrases
  }

  private static func contour(_ phrase: ArraySlice<PlayedNote>) -> Contour {
    let pitches = phrase.map { Double($0.pitch.rawValue) }
    let inner = pitches.dropFirst().dropLast()
    let middle = inner.reduce(0, +) / Double(inner.count)
    let (first, last) = (pitches[0], pitches[pitches.count - 1])
    if middle > max(first, last) { return .convex }
    if middle < min(first, last) { return .concave }
    return first == last ? .horizontal : first < last ? .ascending : .descending
  }
}
