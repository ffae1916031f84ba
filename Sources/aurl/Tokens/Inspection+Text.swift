import Files
import MusicCore
import MusicTokens
import Terminal
import Text

extension Inspection {
  func summary(style: TextStyle) -> String {
    var lines = [style.bold(printable(Input.name(of: path)))]
    func add(_ name: String, _ value: String) { lines.append("  \(style.dim(name.padded(to: 12)))\(value)") }
    let kind = format == "tokens" ? "token stream" : format == "MusicXML" ? format : "MIDI format \(format)"
    add("format", "\(kind), \(score.division)")
    add("duration", Self.clock(score.duration))
    add("notes", "\(score.noteCount) in \(score.tracks.count.counted("track"))")
    if drums > 0 {
      add("drums", "\(drums == score.noteCount ? "all notes" : drums.counted("note")), which only --drums encodes")
    }
    add(
      "tokens",
      "\(tokens.count)\(score.noteCount > 0 ? ", \(decimal(Double(tokens.count) / Double(score.noteCount), 2)) a note" : "")"
    )
    add("tempo", tempoText)
    if !score.timeSignatures.isEmpty { add("meter", Self.list(score.timeSignatures.map(\.description))) }
    if !score.keySignatures.isEmpty { add("key", Self.list(score.keySignatures.map(\.description))) }
    for (index, track) in score.tracks.enumerated() { add("track \(index + 1)", Self.describe(track)) }
    if !lyrics.isEmpty {
      let beginning = lyrics.prefix(40).map(\.string).joined().prefix(40)
      let line = beginning.map { $0.isNewline ? " " : String($0) }.joined()
      add("lyrics", "\(lyrics.count.counted("syllable")): \(printable(line))…")
    }
    if !markers.isEmpty { add("markers", Self.list(markers.map { printable(String($0.string.prefix(40))) })) }
    add("round trip", roundTripText)
    add("repairs", repairs.isEmpty ? "none" : "")
    let unit = format == "tokens" ? "token" : "byte"
    for repair in repairs {
      lines.append("    \(repair.count) × \(repair.explanation), first at \(unit) \(repair.offset)")
    }
    return lines.joined(separator: "\n")
  }

  // MARK: Rows

  /// The numeric columns with their widths; the name of the file comes last.
  private static let columns = [
    ("format", 8), ("duration", 10), ("tracks", 8), ("notes", 8), ("drums", 7), ("tokens", 9), ("BPM", 12),
    ("meter", 7),
    ("key", 11), ("repairs", 9),
  ]

  static var columnNames: String { line(columns.map(\.0), "file") }

  /// The file as a row of a table.
  var row: String {
    let damage = repairs.filter(\.isDamage).reduce(0) { $0 + $1.count }
    return Self.line(
      [
        format, Self.clock(score.duration), "\(score.tracks.count)", "\(score.noteCount)", "\(drums)",
        "\(tokens.count)",
        bpm ?? "–", Self.first(score.timeSignatures.map(\.description)),
        Self.first(score.keySignatures.map(\.description)), "\(damage)",
      ], printable(Input.name(of: path)))
  }

  private static func line(_ cells: [String], _ name: String) -> String {
    zip(cells, columns).map { $0.leftPadded(to: $1.1) }.joined() + "  " + name
  }

  /// The first of some values, and a mark if there are others.
  private static func first(_ values: [String]) -> String {
    values.first.map { $0 + (Set(values).count > 1 ? "…" : "") } ?? "–"
  }

  // MARK: Parts

  private var bpm: String? {
    let tempos = score.tempoMap.changes.map(\.beatsPerMinute)
    guard let low = tempos.min(), let high = tempos.max() else { return nil }
    return low == high ? decimal(low, 1) : "\(decimal(low, 1))–\(decimal(high, 1))"
  }

  private var tempoText: String {
    let count = score.tempoMap.changes.count
    return bpm.map { "\($0) BPM\(count > 1 ? ", \(count) changes" : "")" } ?? "120 BPM (none given)"
  }

  private var roundTripText: String {
    let error = roundTrip
    var text = "onsets off by \(decimal(error.medianOnsetError.milliseconds, 2)) ms in the median, "
    text += "\(decimal(error.maximumOnsetError.milliseconds, 2)) ms at most; "
    text += "velocities by \(error.medianVelocityError), \(error.maximumVelocityError) at most; "
    text += "\(error.notesMerged.counted("note")) merged, \(error.notesLost) lost"
    return text
  }

  private static func describe(_ track: Track) -> String {
    var parts: [String] = []
    if let name = track.name { parts.append(name.prefix(40).filter { $0 >= " " } + ":") }
    guard let low = track.notes.map(\.pitch).min(), let high = track.notes.map(\.pitch).max() else {
      return (parts + ["no notes"]).joined(separator: " ")
    }
    let channels = track.channels.map(String.init).joined(separator: ", ")
    parts.append("\(track.notes.count.counted("note")), \(low)–\(high), channel \(channels)")
    let programs = track.programs.map { "\($0.rawValue)" }
    // The piano is the default.
    if !["", "0"].contains(programs.joined()) {
      parts[parts.count - 1] += ", program \(programs.joined(separator: ", "))"
    }
    if track.bendCount > 0 { parts[parts.count - 1] += ", \(track.bendCount.counted("bend"))" }
    if track.hasPedal { parts.append("with pedal") }
    return parts.joined(separator: " ")
  }

  /// The first few values of a list, without adjacent duplicates.
  private static func list(_ values: [String]) -> String {
    var distinct: [String] = []
    for value in values where distinct.last != value { distinct.append(value) }
    return distinct.prefix(6).joined(separator: ", ") + (distinct.count > 6 ? " … (\(distinct.count))" : "")
  }

  static func clock(_ duration: Seconds) -> String {
    let hundredths = Int((duration.rawValue * 100).rounded())
    let (minutes, rest) = (hundredths / 6000, hundredths % 6000)
    return "\(minutes):\(rest / 100 < 10 ? "0" : "")\(decimal(Double(rest) / 100, 2))"
  }
}
