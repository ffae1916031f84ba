import MIDIFiles
import MusicCore
import MusicTokens
import MusicXML
import Terminal

/// The information of `aurl inspect` about a file.
struct Inspection: Sendable {
  /// A repair or note of reading.
  struct Repaired: Sendable {
    var kind: String
    var explanation: String
    /// The byte, or for token files the token, of the first occurrence.
    var offset: Int
    var count: Int
    var isDamage: Bool
  }

  let path: String
  let score: Score
  let tokens: [Token]
  let roundTrip: RoundTrip
  /// 0, 1 or 2; "MusicXML"; "tokens" for a token stream.
  let format: String
  let repairs: [Repaired]

  init(path: String, options: TokenOptions) throws(Failure) {
    self.path = path
    let bytes = try Input.bytes(of: path)
    switch try Input(bytes: bytes, path: path, options: options.reading) {
    case .midi(let file):
      score = file.score
      format = MusicXML.isScore(bytes) ? "MusicXML" : "\(file.format)"
      repairs = file.repairs.map {
        Repaired(
          kind: $0.kind.rawValue, explanation: $0.kind.explanation, offset: $0.offset, count: $0.count,
          isDamage: $0.kind.isDamage)
      }
      try options.check(score, path: path)
      tokens = try options.tokens(of: score, path: path)
    case .tokens(let file):
      let decoded = try TokenDecoder(isStrict: options.strict).decode(file, path: path)
      score = decoded.score
      format = "tokens"
      repairs = decoded.repairs.map {
        Repaired(
          kind: $0.kind.rawValue, explanation: $0.kind.explanation, offset: $0.index, count: $0.count, isDamage: true)
      }
      tokens = file.tokens
    }
    roundTrip = RoundTrip(of: score, tokens: tokens, options: options.encoding)
  }

  var drums: Int { score.notes(areDrums: true).count }

  /// The lyrics as syllables; in a karaoke file they are its texts, except for the lines about the file, which begin
  /// with @.
  var lyrics: [TextEvent] {
    let lyrics = texts(.lyric)
    guard lyrics.isEmpty else { return lyrics }
    let texts = texts(.text)
    guard texts.contains(where: { $0.bytes.starts(with: Array("@T".utf8)) }) else { return [] }
    return texts.filter { $0.bytes.first != UInt8(ascii: "@") }
  }

  var markers: [TextEvent] { texts(.marker) }

  /// The texts of a kind in all tracks, in order.
  private func texts(_ kind: TextEvent.Kind) -> [TextEvent] {
    let all = score.tracks.flatMap(\.texts).filter { $0.kind == kind && !$0.bytes.isEmpty }
    return all.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }.map(\.element)
  }
}

extension Track {
  /// The distinct programs that the track selects, in order.
  var programs: [Program] {
    var programs: [Program] = []
    for control in controls {
      if case .program(let program) = control.message, !programs.contains(program) { programs.append(program) }
    }
    return programs
  }

  var hasPedal: Bool {
    controls.contains { if case .controller(.sustain, _) = $0.message { true } else { false } }
  }

  var bendCount: Int {
    controls.count { if case .pitchBend = $0.message { true } else { false } }
  }

  /// The channel numbers, from 1.
  var channels: [Int] { Set(notes.map(\.channel.number)).sorted() }
}
