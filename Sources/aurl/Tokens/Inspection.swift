import Files
import MIDIFiles
import MusicCore
import MusicTokens
import Terminal
import Text

/// What `aurl inspect` finds out about a file.
struct Inspection {
  private let path: String
  private let score: Score
  private let tokens: [Token]
  private let roundTrip: RoundTrip
  private let format: String
  private let repairs: [(kind: String, explanation: String, offset: Int, count: Int)]

  init(path: String, options: TokenOptions) throws(Failure) {
    self.path = path
    switch try Input(path: path, options: options.reading) {
    case .midi(let file):
      score = file.score
      format = "\(file.format)"
      repairs = file.repairs.map { ($0.kind.rawValue, $0.kind.explanation, $0.offset, $0.count) }
      try options.check(score, path: path)
      tokens = try options.tokens(of: score, path: path)
    case .tokens(let file):
      let decoded = try TokenDecoder(isStrict: options.strict).decode(file, path: path)
      score = decoded.score
      format = "tokens"
      repairs = decoded.repairs.map { ($0.kind.rawValue, $0.kind.explanation, $0.index, $0.count) }
      tokens = file.tokens
    }
    roundTrip = RoundTrip(of: score, tokens: tokens, options: options.encoding)
  }

  // MARK: JSON

  /// Schema `aurl-inspect/1`.
  struct Report: Encodable {
    var schema = "aurl-inspect/1"
    var file: String
    /// 0, 1 or 2; "tokens" for a token stream.
    var format: NumberOrText
    var tracks: Int
    /// Ticks per quarter note; for timecode in words.
    var division: NumberOrText
    var seconds: Double
    var notes: Int
    /// How many of them are drums, which are encoded with --drums only.
    var drums: Int
    var tokens: Int
    var repairs: [Repaired]
    var roundTrip: Error

    struct Repaired: Encodable {
      var kind: String
      var offset: Int
      var count: Int
    }

    struct Error: Encodable {
      var medianMs: Double
      var maxMs: Double
      var medianVelocity: Int
      var maxVelocity: Int
      var notesMerged: Int
      var notesLost: Int
    }
  }

  var report: Report {
    Report(
      file: Input.name(of: path), format: NumberOrText(format), tracks: score.tracks.count, division: division,
      seconds: score.duration.rawValue, notes: score.noteCount, drums: drums, tokens: tokens.count,
      repairs: repairs.map { .init(kind: $0.kind, offset: $0.offset, count: $0.count) },
      roundTrip: .init(
        medianMs: roundTrip.medianOnsetError.milliseconds, maxMs: roundTrip.maximumOnsetError.milliseconds,
        medianVelocity: roundTrip.medianVelocityError, maxVelocity: roundTrip.maximumVelocityError,
        notesMerged: roundTrip.notesMerged, notesLost: roundTrip.notesLost))
  }

  private var drums: Int { score.notes(areDrums: true).count }

  private var division: NumberOrText {
    guard case .metrical(let ticks) = score.division else { return .text(score.division.description) }
    return .number(ticks)
  }

  // MARK: Text

  func summary(style: TextStyle) -> String {
    var lines = [style.bold(printable(Input.name(of: path)))]
    func add(_ name: String, _ value: String) { lines.append("  \(style.dim(name.padded(to: 12)))\(value)") }
    add("format", "\(format == "tokens" ? "token stream" : "MIDI format \(format)"), \(score.division)")
    add("duration", Self.clock(score.duration))
    add("notes", "\(score.noteCount) in \(score.tracks.count) track\(score.tracks.count == 1 ? "" : "s")")
    if drums > 0 {
      add("drums", "\(drums == score.noteCount ? "all notes" : "\(drums) notes"), which only --drums encodes")
    }
    add(
      "tokens",
      "\(tokens.count)\(score.noteCount > 0 ? ", \(decimal(Double(tokens.count) / Double(score.noteCount), 2)) a note" : "")"
    )
    add("tempo", tempo)
    if !score.timeSignatures.isEmpty { add("meter", Self.list(score.timeSignatures.map(\.description))) }
    if !score.keySignatures.isEmpty { add("key", Self.list(score.keySignatures.map(\.description))) }
    for (index, track) in score.tracks.enumerated() { add("track \(index + 1)", Self.describe(track)) }
    add("round trip", roundTripText)
    add("repairs", repairs.isEmpty ? "none" : "")
    let unit = format == "tokens" ? "token" : "byte"
    for repair in repairs {
      lines.append("    \(repair.count) × \(repair.explanation), first at \(unit) \(repair.offset)")
    }
    return lines.joined(separator: "\n")
  }

  private var tempo: String {
    let tempos = score.tempoMap.changes.map(\.beatsPerMinute)
    guard let low = tempos.min(), let high = tempos.max() else { return "120 BPM (none given)" }
    let range = low == high ? decimal(low, 1) : "\(decimal(low, 1))–\(decimal(high, 1))"
    return "\(range) BPM\(tempos.count > 1 ? ", \(tempos.count) changes" : "")"
  }

  private var roundTripText: String {
    let error = roundTrip
    var text = "onsets off by \(decimal(error.medianOnsetError.milliseconds, 2)) ms in the median, "
    text += "\(decimal(error.maximumOnsetError.milliseconds, 2)) ms at most; "
    text += "velocities by \(error.medianVelocityError), \(error.maximumVelocityError) at most; "
    text += "\(error.notesMerged) notes merged, \(error.notesLost) lost"
    return text
  }

  private static func describe(_ track: Track) -> String {
    var parts: [String] = []
    if let name = track.name { parts.append(name.prefix(40).filter { $0 >= " " } + ":") }
    guard let low = track.notes.map(\.pitch).min(), let high = track.notes.map(\.pitch).max() else {
      return (parts + ["no notes"]).joined(separator: " ")
    }
    let channels = Set(track.notes.map(\.channel.number)).sorted()
    parts.append(
      "\(track.notes.count) notes, \(low)–\(high), channel \(channels.map(String.init).joined(separator: ", "))")
    let pedals = track.controls.filter { event in
      if case .controller(.sustain, _) = event.message { true } else { false }
    }
    if !pedals.isEmpty { parts.append("with pedal") }
    return parts.joined(separator: " ")
  }

  /// The first few of a list, without neighbours that are the same.
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
