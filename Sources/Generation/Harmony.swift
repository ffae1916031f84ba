public import MusicCore

/// The chords that a take follows, if its model reads chord charts.
public enum Harmony: Sendable {
  /// None: the model decides from note to note.
  case free
  /// A chart that the model composes before the take begins, or that continues the chords of the prompt.
  case composed(ChartSampling)
  /// A given chart, with times from the start of the take.
  case given(ChordChart)
}
