internal import MusicAnalysis
internal import MusicCore

/// Whether music stays in its key, lets go of its keys, keeps a pulse and comes back to what it said. What there is not
/// enough music for is missing.
public struct Coherence: Hashable, Sendable {
  /// One of the measures.
  public enum Measure: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
    /// The share of notes in the scale of the music's own key: major, or natural minor with its leading note.
    case inScale
    /// The probability of that key.
    case keyConfidence
    /// The cosine distance of the pitch classes of both halves, notes counted: 0 for the same, 1 for none in common.
    case pitchClassDrift
    /// The share of all notes' lengths that notes of more than four seconds have.
    case heldNotes
    /// The share of figures of five intervals of the melody that come more than once, at any pitch.
    case recurringFigures
    /// The share of figures of five inter-onset intervals of the melody, to the half octave, that come more than once.
    case repeatedRhythms
    /// The share of melodic figures that also come at least eight seconds before or after.
    case returningFigures
    /// The highest autocorrelation of the onsets at 0.25 to 2 s.
    case meterStrength
    /// The share of the melody's intervals that are none.
    case repeatedTopNotes
  }

  public private(set) var values: [Measure: Double] = [:]

  public subscript(measure: Measure) -> Double? { values[measure] }

  package init(values: [Measure: Double]) { self.values = values }

  /// Notes longer than this are held.
  static let heldLength = Seconds(4)

  /// - Parameters:
  ///   - chords: the notes that are struck together, by rising onset.
  ///   - analysis: of the same music.
  init(_ music: Take, chords: [[PlayedNote]], analysis: Analysis) {
    let key = analysis.harmony?.key
    values[.keyConfidence] = key?.confidence
    values[.inScale] = key.flatMap { Self.share(of: $0.name, in: music) }
    values[.pitchClassDrift] = Self.drift(music)
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
    let scale: Set = key.isMinor ? [0, 2, 3, 5, 7, 8, 10, 11] : [0, 2, 4, 5, 7, 9, 11]
    return music.notes.map { note in
      scale.contains(note.pitch.pitchClass.interval(above: key.tonic)) ? 1 : 0
    }.mean
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
