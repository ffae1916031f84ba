import AnalysisReport
import Files
import MusicAnalysis
import MusicCore
import Text

/// The tables of `aurl analyze --table`: tab-separated values, one row per element of each file.
enum EventTable: String, CaseIterable, Sendable {
  case notes, bars, beats, chords, keys, cadences, phrases, sections

  /// The names of the columns, with units where they have one.
  var header: String { (["file"] + columns).joined(separator: "\t") }

  private var columns: [String] {
    switch self {
    case .notes:
      [
        "start_seconds", "end_seconds", "bar", "beat", "pitch", "midi_pitch", "velocity", "channel", "track",
        "track_name",
      ]
    case .bars: ["bar", "start_seconds", "end_seconds", "meter", "tempo_bpm"]
    case .beats: ["time_seconds", "bar", "beat", "tempo_bpm", "confidence"]
    case .chords:
      [
        "start_seconds", "end_seconds", "bar", "beat", "chord", "root", "quality", "bass", "roman_numeral", "key",
        "confidence",
      ]
    case .keys: ["start_seconds", "end_seconds", "bar", "beat", "key", "confidence"]
    case .cadences:
      [
        "time_seconds", "bar", "beat", "kind", "key", "confidence", "bass_degrees", "meter", "gap_quarters",
        "chord_before",
      ]
    case .sections: ["start_seconds", "end_seconds", "start_bar", "end_bar", "section"]
    case .phrases: ["start_seconds", "end_seconds", "start_bar", "end_bar", "cadence", "key", "confidence"]
    }
  }

  /// The rows of a file, in order of time, each with the name of the file first.
  func rows(_ document: AnalysisDocument, _ score: Score) -> String {
    let music = Music(document.analysis, score)
    let rows: [[String]] =
      switch self {
      case .notes: music.notes
      case .bars: music.bars
      case .beats: music.beats
      case .chords: music.chords
      case .keys: music.keys
      case .cadences: music.cadences
      case .phrases: music.phrases
      case .sections: music.sections
      }
    let file = Self.cell(printable(document.file))
    return rows.map { ([file] + $0.map(Self.cell)).joined(separator: "\t") }.joined(separator: "\n")
  }

  /// A value with tabs and line breaks replaced by spaces.
  private static func cell(_ text: String) -> String {
    text.contains { $0 == "\t" || $0.isNewline } ? String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 }) : text
  }

  /// The tables of one piece.
  private struct Music {
    let analysis: Analysis
    let score: Score
    let positions: BarPositions?
    let spelling: Spelling

    init(_ analysis: Analysis, _ score: Score) {
      (self.analysis, self.score) = (analysis, score)
      positions = BarPositions(analysis.rhythm)
      spelling = Spelling(analysis.harmony)
    }

    private func place(_ time: Seconds) -> [String] {
      guard let place = positions?.place(of: time) else { return ["", ""] }
      return [String(place.bar), shortened(place.beat, 3)]
    }

    private func seconds(_ time: Seconds) -> String { shortened(time.rawValue, 6) }

    /// All notes by onset and then pitch; drums have no spelling.
    var notes: [[String]] {
      let all = score.tracks.enumerated().flatMap { index, track in track.notes.map { (track: index, note: $0) } }
      let sorted = all.sorted {
        ($0.note.onset, $0.note.pitch, $0.track) < ($1.note.onset, $1.note.pitch, $1.track)
      }
      return sorted.map { track, note in
        let start = score.tempoMap.seconds(at: note.onset)
        let pitch = note.channel == .drums ? "" : spelling.name(of: note.pitch, at: start)
        return [seconds(start), seconds(score.tempoMap.seconds(at: note.end))] + place(start)
          + [
            pitch, String(note.pitch.rawValue), String(note.velocity.rawValue), String(note.channel.number),
            String(track + 1), score.tracks[track].name ?? "",
          ]
      }
    }

    var bars: [[String]] {
      guard let positions else { return [] }
      return positions.downbeats.indices.map { bar in
        let (start, end) = (positions.beats[positions.downbeats[bar]], positions.end(of: bar))
        return [
          String(positions.firstBar + bar), seconds(start), seconds(end), positions.meter(at: bar).description,
          shortened(60 * Double(positions.beatCount(bar)) / max(1e-6, (end - start).rawValue), 2),
        ]
      }
    }

    var beats: [[String]] {
      guard let rhythm = analysis.rhythm else { return [] }
      return rhythm.beatsSeconds.indices.map { index in
        let tempo = index < rhythm.tempoCurve.count ? shortened(rhythm.tempoCurve[index].beatsPerMinute, 2) : ""
        return [seconds(rhythm.beatsSeconds[index])] + place(rhythm.beatsSeconds[index])
          + [tempo, shortened(rhythm.beatConfidences[index], 3)]
      }
    }

    var chords: [[String]] {
      (analysis.harmony?.chords ?? []).map { chord in
        let key = spelling.key(at: chord.start)
        let (root, bass) = (chord.root, chord.bass)
        let name = "\(root):\(chord.quality.rawValue)" + (root == bass ? "" : "/\(bass)")
        return [seconds(chord.start), seconds(chord.end)] + place(chord.start)
          + [
            name, "\(root)", chord.quality.rawValue, "\(bass)", chord.romanNumeral ?? "", key?.description ?? "",
            shortened(chord.confidence, 3),
          ]
      }
    }

    var keys: [[String]] {
      (analysis.harmony?.localKeys ?? []).map { span in
        [seconds(span.start), seconds(span.end)] + place(span.start)
          + [span.name.description, shortened(span.confidence, 3)]
      }
    }

    var cadences: [[String]] {
      (analysis.harmony?.cadences ?? []).map { cadence in
        [seconds(cadence.time)] + place(cadence.time)
          + [
            cadence.kind.rawValue, cadence.key.description, shortened(cadence.confidence, 3), cadence.evidence.bass,
            cadence.evidence.meter.rawValue, shortened(cadence.evidence.gapQuarters, 2),
            cadence.evidence.chordBefore ?? "",
          ]
      }
    }

    var phrases: [[String]] {
      (analysis.form?.phrases ?? []).map { phrase in
        [
          seconds(phrase.start), seconds(phrase.end), place(phrase.start)[0], place(phrase.cadence)[0],
          phrase.kind.rawValue, phrase.key.description, shortened(phrase.confidence, 3),
        ]
      }
    }

    var sections: [[String]] {
      (analysis.form?.sections ?? []).map { section in
        [
          seconds(section.start), seconds(section.end), place(section.start)[0],
          place(section.end - Seconds(0.01))[0], section.name,
        ]
      }
    }
  }
}

/// A number with at most `digits` decimals, without trailing zeros.
func shortened(_ value: Double, _ digits: Int) -> String {
  var text = Text.decimal(value, digits)
  guard text.contains(".") else { return text }
  while text.hasSuffix("0") { text.removeLast() }
  return text.hasSuffix(".") ? String(text.dropLast()) : text
}
