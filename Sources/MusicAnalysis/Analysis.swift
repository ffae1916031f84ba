public import MusicCore

/// Everything that is measured of a piece. What it has not enough music for is nil, and no number is NaN.
public struct Analysis: Hashable, Sendable, Codable {
  /// A part of the analysis.
  public enum Feature: String, CaseIterable, Sendable {
    case rhythm, harmony, form, melody, dynamics, metrics
  }

  /// From the start to the end of the last note.
  public var seconds: Seconds
  /// All notes, drums as well.
  public var notes: Int
  public var rhythm: RhythmAnalysis?
  public var harmony: HarmonyAnalysis?
  /// Nil where there are no beats.
  public var form: FormAnalysis?
  public var melody: MelodyAnalysis?
  public var dynamics: DynamicsAnalysis?
  public var metrics: MusicMetrics?

  /// Analyses a score. Drums count for rhythm only where there is nothing else, and for nothing but rhythm and metrics.
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
