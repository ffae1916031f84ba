import MusicAnalysis
import MusicCore

/// Chords and beats in the label formats that mir_eval reads.
enum LabelFiles {
  /// Chords as lines of `start end label` separated by tabs, with times in seconds and labels in the syntax of Harte et
  /// al. 2005 ("Symbolic representation of musical chords"); `N` for no chord.
  static func chords(_ analysis: Analysis) -> String {
    var lines: [String] = []
    var last = Seconds(0)
    func add(_ start: Seconds, _ end: Seconds, _ label: String) {
      guard end > start else { return }
      lines.append("\(shortened(start.rawValue, 6))\t\(shortened(end.rawValue, 6))\t\(label)\n")
    }
    for chord in analysis.harmony?.chords ?? [] {
      let start = max(last, chord.start)
      add(last, start, "N")
      add(start, chord.end, "\(chord.root):\(chord.quality.rawValue)\(degree(chord))")
      last = max(start, chord.end)
    }
    add(last, analysis.seconds, "N")
    return lines.joined()
  }

  /// Beats, one time in seconds per line.
  static func beats(_ analysis: Analysis) -> String {
    (analysis.rhythm?.beatsSeconds ?? []).map { "\(shortened($0.rawValue, 6))\n" }.joined()
  }

  /// The bass as a degree of the major scale on the root; empty in root position.
  private static func degree(_ chord: ChordSpan) -> String {
    let names = ["", "b9", "9", "b3", "3", "4", "b5", "5", "#5", "6", "b7", "7"]
    let interval = chord.bass.pitchClass.interval(above: chord.root.pitchClass)
    if interval == 0 { return "" }
    return "/" + (chord.quality == .dim7 && interval == 9 ? "bb7" : interval == 2 ? "2" : names[interval])
  }
}
