public import MusicCore

/// The complete analysis of a piece. Results for which the piece is too short are nil, and no number is NaN.
public struct Analysis: Hashable, Sendable, Codable {
  /// A part of the analysis.
  public enum Feature: String, CaseIterable, Sendable {
    case rhythm, harmony, form, melody, dynamics, metrics
  }

  /// The duration from the start to the end of the last note.
  public var seconds: Seconds
  /// The number of notes, including drums.
  public var notes: Int
  /// Beats, bars, tempo and rhythm.
  public var rhythm: RhythmAnalysis?
  /// Keys, chords and cadences.
  public var harmony: HarmonyAnalysis?
  /// Nil if no beats were found.
  public var form: FormAnalysis?
  /// The melody and its motives.
  public var melody: MelodyAnalysis?
  /// Dynamic levels, crescendi and accents.
  public var dynamics: DynamicsAnalysis?
  /// Statistics of pitches and textures.
  public var metrics: MusicMetrics?

  /// Analyzes a score. Drums are used only for the metrics, and for rhythm if there are no other notes.
  ///
  /// - Complexity: O(n log² n) in notes.
  public init(_ score: Score, features: Set<Feature> = Set(Feature.allCases)) {
    seconds = score.duration
    notes = score.noteCount
    guard notes > 0 else { return }
    let pitched = score.playedNotes()
    let rhythmic = pitched.isEmpty ? score.playedNotes(drums: true) : pitched
    let line = MelodicLine(pitched)
    let needsGrid = !features.isDisjoint(with: [.rhythm, .harmony, .form])
    let grid = needsGrid ? MetricalGrid(score, notes: rhythmic) : nil
    if features.contains(.rhythm) { rhythm = RhythmAnalysis(notes: rhythmic, grid: grid, melody: line) }
    if !pitched.isEmpty {
      if features.contains(.harmony) || features.contains(.form) {
        harmony = grid.map { HarmonyAnalysis(score, $0) } ?? HarmonyAnalysis(score, beats: [])
      }
      if features.contains(.form) { form = grid.map { FormAnalysis(notes: pitched, grid: $0, harmony: harmony) } }
      if features.contains(.melody) { melody = MelodyAnalysis(line) }
      if features.contains(.dynamics) {
        let names = score.tracks.enumerated().map { $1.name ?? "track \($0 + 1)" }
        dynamics = DynamicsAnalysis(notes: pitched, melody: line, trackNames: names)
      }
    }
    if features.contains(.metrics) { metrics = MusicMetrics(score, key: harmony?.key?.name) }
    if !features.contains(.harmony) { harmony = nil }
  }
}
