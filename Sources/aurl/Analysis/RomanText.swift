import AnalysisReport
import Files
import MusicAnalysis
import MusicCore

/// An analysis in RomanText (Tymoczko, Gotham, Cuthbert & Ariza 2019, "The RomanText Format"): one line per bar with
/// the numerals that begin in it.
enum RomanText {
  /// The text of an analysis; only the header if there are no bars or chords.
  static func text(_ document: AnalysisDocument, title: String) -> String {
    var lines = ["Title: \(title)", "Analyst: Aurl"]
    guard let harmony = document.analysis.harmony, let positions = BarPositions(document.analysis.rhythm) else {
      return lines.joined(separator: "\n") + "\n"
    }
    let spelling = Spelling(harmony)
    var chords = harmony.chords[...]
    var key: KeyName?
    var meter: Meter?
    for bar in positions.downbeats.indices {
      if positions.meter(at: bar) != meter {
        meter = positions.meter(at: bar)
        lines += ["", "Time Signature: \(positions.meter(at: bar))", ""]
      }
      let isLast = bar + 1 == positions.downbeats.count
      let end = positions.end(of: bar) - Seconds(1e-3)
      var line = "m\(positions.firstBar + bar)"
      var count = 0
      while let chord = chords.first, isLast || chord.start < end {
        chords.removeFirst()
        let here = spelling.key(at: chord.start)
        let beat = positions.place(of: chord.start)?.beat ?? 1
        // Chords beyond the last bar of the grid have no beat.
        guard let numeral = numeral(chord), beat < Double(positions.meter(at: bar).beatsPerBar + 1) else { continue }
        line += " b\(shortened(positions.meter(at: bar).romanTextBeat(beat), 3))"
        if let here, here != key { line += " \(name(here)):" }
        key = here
        line += " \(numeral)"
        count += 1
      }
      if count > 0 { lines.append(line) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A key in RomanText: lowercase for minor.
  private static func name(_ key: KeyName) -> String {
    let tonic = key.tonic.description
    return key.isMinor ? tonic.prefix(1).lowercased() + tonic.dropFirst() : tonic
  }

  /// A numeral in the notation of the format; nil for chords without one.
  private static func numeral(_ chord: ChordSpan) -> String? {
    guard let numeral = chord.romanNumeral else { return nil }
    switch chord.quality {
    case .sus2: return numeral.replacing("sus2", with: "[no3][add9]")
    case .sus4: return numeral.replacing("sus4", with: "[no3][add4]")
    case .maj6, .min6: return numeral.replacing("add6", with: "[add6]")
    case .maj7, .minmaj7: return numeral.replacing("maj", with: "")
    default: return numeral == "V(64)" ? "Cad64" : numeral
    }
  }
}

extension Meter {
  /// A beat of this meter in RomanText's counting: a bar of three eighths or sixteenths has one beat.
  fileprivate func romanTextBeat(_ beat: Double) -> Double {
    numerator == 3 && denominator >= 8 ? 1 + (beat - 1) / 3 : beat
  }
}
