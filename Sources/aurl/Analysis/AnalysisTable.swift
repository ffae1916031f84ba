import AnalysisReport
import Files
import MusicAnalysis
import MusicCore

/// Analyses as comma-separated values (RFC 4180), one row per file; unknown values are empty.
enum AnalysisTable {
  static var header: String { (["file"] + columns.map(\.name) + ["error"]).joined(separator: ",") }

  static func row(_ document: AnalysisDocument) -> String {
    let values = columns.map { $0.value(document.analysis) ?? "" }
    return ([printable(document.file)] + values + [""]).map(quoted).joined(separator: ",")
  }

  /// The row of a file that could not be read.
  static func row(file: String, error: String) -> String {
    ([printable(file)] + columns.map { _ in "" } + [error]).map(quoted).joined(separator: ",")
  }

  private static func quoted(_ value: String) -> String {
    guard value.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return value }
    return "\"\(value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }

  private struct Column: Sendable {
    var name: String
    var value: @Sendable (Analysis) -> String?
  }

  private static func number(_ name: String, _ value: @escaping @Sendable (Analysis) -> Double?) -> Column {
    Column(name: name) { analysis in value(analysis).map { shortened($0, 4) } }
  }

  private static func count(_ name: String, _ value: @escaping @Sendable (Analysis) -> Int?) -> Column {
    Column(name: name) { value($0).map(String.init) }
  }

  private static func word(_ name: String, _ value: @escaping @Sendable (Analysis) -> String?) -> Column {
    Column(name: name, value: value)
  }

  private static let columns: [Column] =
    [
      number("seconds") { $0.seconds.rawValue },
      count("notes") { $0.notes },
    ] + rhythm + harmony + melody + dynamics + metrics

  private static let rhythm = [
    number("tempo_bpm") { $0.rhythm?.tempoBPM },
    word("meter") { $0.rhythm?.meter?.description },
    number("tempo_variation") { $0.rhythm?.tempoVariation },
    word("beat_source") { $0.rhythm?.beatSource?.rawValue },
    count("beats") { $0.rhythm?.beatsSeconds.count },
    count("bars") { $0.rhythm.map { $0.downbeatsSeconds.count - ($0.firstBarNumber == 0 ? 1 : 0) } },
    number("onsets_per_second") { $0.rhythm?.onsetsPerSecond },
    number("syncopation") { $0.rhythm?.syncopation },
    number("swing_ratio") { $0.rhythm?.swingRatio },
    number("bar_similarity") { $0.rhythm?.grooveConsistency },
  ]

  private static let harmony = [
    word("key") { $0.harmony?.key?.name.description },
    number("key_confidence") { $0.harmony?.key?.confidence },
    word("mode") { $0.harmony?.key?.mode.rawValue },
    word("second_key") { $0.harmony?.key?.alternatives.first?.name.description },
    number("second_key_confidence") { $0.harmony?.key?.alternatives.first?.confidence },
    word("written_key") { $0.harmony?.keySignature?.written.description },
    count("local_keys") { $0.harmony?.localKeys.count },
    count("chords") { $0.harmony?.chords.count },
    number("beats_per_chord") { $0.harmony?.harmonicRhythm?.meanBeatsPerChord },
    count("cadences") { $0.harmony?.cadences.count },
    number("mean_consonance") { $0.harmony?.meanConsonance },
  ]

  private static let melody = [
    count("melody_lowest_pitch") { $0.melody?.lowestPitch.map { Int($0.rawValue) } },
    count("melody_highest_pitch") { $0.melody?.highestPitch.map { Int($0.rawValue) } },
    number("melody_step_share") { $0.melody?.stepShare },
    number("melody_leap_share") { $0.melody?.leapShare },
    count("motives") { $0.melody?.motives.count },
  ]

  private static let dynamics = [
    number("mean_velocity") { $0.dynamics?.meanVelocity },
    number("velocity_range") { $0.dynamics?.velocityRange },
    count("crescendi") { $0.dynamics.map { $0.hairpins.count { $0.kind == .crescendo } } },
    count("diminuendi") { $0.dynamics.map { $0.hairpins.count { $0.kind == .diminuendo } } },
    number("melody_lead_velocity") { $0.dynamics?.melodyLead },
  ]

  private static let metrics = [
    count("pitches_used") { $0.metrics?.pitchesUsed },
    count("pitch_classes_used") { $0.metrics?.pitchClassesUsed },
    count("pitch_range_semitones") { $0.metrics?.pitchRange },
    number("empty_beat_rate") { $0.metrics?.emptyBeatRate },
    number("empty_measure_rate") { $0.metrics?.emptyMeasureRate },
    number("polyphony") { $0.metrics?.polyphony },
    number("polyphony_rate") { $0.metrics?.polyphonyRate },
    number("pitch_in_scale_rate") { $0.metrics?.pitchInScaleRate },
    number("scale_consistency") { $0.metrics?.scaleConsistency },
    number("pitch_entropy_bits") { $0.metrics?.pitchEntropyBits },
    number("pitch_class_entropy_bits") { $0.metrics?.pitchClassEntropyBits },
    number("groove_consistency") { $0.metrics?.grooveConsistency },
    number("drum_in_pattern_rate") { $0.metrics?.drumInPatternRate },
    number("drum_pattern_consistency") { $0.metrics?.drumPatternConsistency },
  ]
}
