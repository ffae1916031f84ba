public import MusicCore

/// The features of a piece by which sets of music are compared: those of Yang & Lerch ("On the evaluation of generative
/// models in music", Neural Computing and Applications 32, 2020) that do not need bars. Drums are ignored.
public struct ComparisonFeatures: FeatureSet, Hashable {
  /// One of the features.
  public enum Name: String, CaseIterable, Sendable, Codable {
    case pitchCount, noteCount, pitchClassHistogram, pitchClassTransitions, pitchRange, meanPitchShift, meanInterOnset
    case noteLengthHistogram, noteLengthTransitions
  }

  /// The values of each feature: 1, 12 or 12 × 12 of them.
  public let values: [Name: [Double]]

  /// The features of a score; nil if it has fewer than two notes. O(n log n).
  public init?(_ score: Score) {
    var notes = score.notes(areDrums: false)
    guard notes.count > 1 else { return nil }
    notes.sort { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    let pitches = notes.map { Double($0.pitch.rawValue) }
    let classes = notes.map(\.pitch.pitchClass.rawValue)
    let lengths = notes.map { Self.lengthClass($0, score) }
    let onsets = notes.map { score.tempoMap.seconds(at: $0.onset).rawValue }
    values = [
      .pitchCount: [Double(Set(pitches).count)],
      .noteCount: [Double(notes.count)],
      .pitchClassHistogram: Self.histogram(classes),
      .pitchClassTransitions: Self.transitions(classes),
      .pitchRange: [(pitches.max() ?? 0) - (pitches.min() ?? 0)],
      .meanPitchShift: [Self.meanStep(pitches)],
      .meanInterOnset: [Self.meanStep(onsets)],
      .noteLengthHistogram: Self.histogram(lengths),
      .noteLengthTransitions: Self.transitions(lengths),
    ]
  }

  /// The nearest of twelve note values: whole to sixteenth, half to sixteenth dotted, and triplets from half to eighth.
  private static func lengthClass(_ note: Note, _ score: Score) -> Int {
    let quarters =
      switch score.division {
      case .metrical(let ticks): Double(note.duration.rawValue) / Double(ticks)
      case .timecode: 2 * (score.tempoMap.seconds(at: note.end) - score.tempoMap.seconds(at: note.onset)).rawValue
      }
    return noteValues.indices.min { abs(noteValues[$0] - quarters) < abs(noteValues[$1] - quarters) } ?? 0
  }

  /// The note values in quarter notes.
  private static let noteValues = [4, 2, 1, 0.5, 0.25, 3, 1.5, 0.75, 0.375, 4.0 / 3, 2.0 / 3, 1.0 / 3]

  private static func histogram(_ classes: [Int]) -> [Double] {
    var histogram = Array(repeating: 0.0, count: 12)
    for index in classes { histogram[index] += 1 / Double(classes.count) }
    return histogram
  }

  /// The relative frequencies of the transitions between classes, row by row.
  private static func transitions(_ classes: [Int]) -> [Double] {
    var matrix = Array(repeating: 0.0, count: 144)
    for (from, to) in zip(classes, classes.dropFirst()) { matrix[12 * from + to] += 1 / Double(classes.count - 1) }
    return matrix
  }

  private static func meanStep(_ values: [Double]) -> Double {
    zip(values, values.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) } / Double(values.count - 1)
  }
}
