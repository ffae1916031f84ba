internal import MusicAnalysis
internal import MusicCore

/// Measures of coherence: whether music stays in its key, has functional harmonic progressions, releases its notes, keeps a
/// pulse and repeats its material. Measures for which an excerpt is too short are missing.
public struct Coherence: Hashable, Sendable {
  /// The names of the measures.
  public enum Measure: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
    /// The share of notes in the scale of the estimated key: major, or natural minor with its leading note.
    case inScale
    /// The probability of the estimated key.
    case keyConfidence
    /// The cosine distance between the pitch-class histograms of the two halves: 0 if equal, 1 if they share none.
    case pitchClassDrift
    /// The share of changes of chord in which the root falls by a fifth, such as V–I and ii–V.
    case fallingFifths
    /// The number of cadences per minute.
    case cadences
    /// The share of the total note duration that belongs to notes longer than four seconds.
    case heldNotes
    /// The share of melodic figures (five successive intervals) that occur more than once, at any transposition.
    case recurringFigures
    /// The share of rhythmic figures of the melody (five successive inter-onset intervals, rounded to half octaves of
    /// time) that occur more than once.
    case repeatedRhythms
    /// The share of melodic figures that also occur at least eight seconds before or after.
    case returningFigures
    /// The highest autocorrelation of onsets at lags of 0.25 to 2 s.
    case meterStrength
    /// The share of the melody's intervals that are unisons.
    case repeatedTopNotes
  }

  /// The values of the measures that are defined for the music.
  public private(set) var values: [Measure: Double] = [:]

  /// The value of a measure; nil if it is not defined for the music.
  public subscript(measure: Measure) -> Double? { values[measure] }

  package init(values: [Measure: Double]) { self.values = values }

  /// Notes longer than this count as held.
  static let heldLength = Seconds(4)

  /// - Parameters:
  ///   - chords: the groups of notes that start together, in order of onset.
  ///   - analysis: the analysis of the same music.
  init(_ music: Take, chords: [[PlayedNote]], analysis: Analysis) {
    let key = analysis.harmony?.key
    values[.keyConfidence] = key?.confidence
    values[.inScale] = key.flatMap { Self.share(of: $0.name, in: music) }
    values[.pitchClassDrift] = Self.drift(music)
    let roots = analysis.harmony?.chords.map(\.root.pitchClass) ?? []
    values[.fallingFifths] = zip(roots, roots.dropFirst()).filter(!=).map { $1.interval(above: $0) == 5 ? 1 : 0 }.mean
    let minutes = music.duration.rawValue / 60
    if minutes > 0 { values[.cadences] = analysis.harmony.map { Double($0.cadences.count) / minutes } }
    let lengths = music.notes.map(\.duration.rawValue)
    let whole = lengths.reduce(0, +)
    if whole > 0 { values[.heldNotes] = lengths.filter { $0 > Self.heldLength.rawValue }.reduce(0, +) / whole }
    let line = analysis.melody?.line ?? []
    let steps = zip(line, line.dropFirst())
    let figures = Recurrence(
      of: steps.map { Int($1.pitch.rawValue) - Int($0.pitch.rawValue) }, at: line.map(\.startSeconds))
    values[.recurringFigures] = figures.share()
    values[.returningFigures] = figures.share(after: Seconds(8))
    let rhythm = Recurrence(
      of: steps.map { TakeFeatures.timeBin($1.startSeconds - $0.startSeconds) }, at: line.map(\.startSeconds))
    values[.repeatedRhythms] = rhythm.share()
    values[.meterStrength] = MeterStrength.strength(of: chords)
    values[.repeatedTopNotes] = analysis.melody?.repetitionShare
  }

  private static func share(of key: Key, in music: Take) -> Double? {
    music.notes.map { key.scaleWithLeadingTone.contains($0.pitch.pitchClass) ? 1 : 0 }.mean
  }

  private static func drift(_ music: Take) -> Double? {
    let middle = Seconds(music.duration.rawValue / 2)
    var halves = Array(repeating: Array(repeating: 0.0, count: 12), count: 2)
    for note in music.notes { halves[note.onset < middle ? 0 : 1][note.pitch.pitchClass.rawValue] += 1 }
    func product(_ first: Int, _ second: Int) -> Double {
      zip(halves[first], halves[second]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let norm = (product(0, 0) * product(1, 1)).squareRoot()
    return norm > 0 ? max(0, 1 - product(0, 1) / norm) : nil
  }
}
