import Foundation
import MIDIFiles
import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite struct DecodeAndInspectTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func decodingGivesTheMusicBack() throws {
    let stream = try TokenEncoder().encode(ScoreGenerator.score(seed: 21))
    let path = try folder.write(TokenFile(tokens: stream).bytes(format: .names), to: "a.tokens")
    let result = try CommandLineProgram.aurl(
      "decode", path, "--tempo", "90", "--program", "19", "-o", folder.path("a.mid"))
    #expect(result.status == 0 && result.errors.isEmpty)
    let score = try MIDIFile(path: folder.path("a.mid"), options: .init(isStrict: true)).score
    #expect(try TokenEncoder().encode(score) == stream)
    #expect(abs(score.tempoMap.changes[0].beatsPerMinute - 90) < 0.001)
    #expect(score.tracks[0].controls.map(\.message) == [.program(MusicCore.Program(masking: 19))])
    // At this tempo 1/64 s is a whole number of ticks only from 1920 ticks a quarter note on (11.25 at 480).
    #expect(score.division == .metrical(ticksPerQuarter: 960))
  }

  @Test func repairsOfAStreamAreReported() throws {
    let result = try CommandLineProgram.aurl("decode", "-", "-o", "-", input: Data("60 287 188 188 60".utf8))
    #expect(result.status == 0)
    #expect(result.errors.contains("taken as mf (token 0)"))
    #expect(result.errors.contains("does not sound ignored (token 3)"))
    #expect(try MIDIFile(bytes: Array(result.output)).score.noteCount == 2)
  }

  @Test func quietDecodingSaysNothing() throws {
    let damaged = Data("60 287 188 188 60".utf8)
    let loud = try CommandLineProgram.aurl("decode", "-", "-o", "-", input: damaged)
    let quiet = try CommandLineProgram.aurl("decode", "-", "-o", "-", "--quiet", input: damaged)
    #expect(!loud.errors.isEmpty && quiet.errors.isEmpty && quiet.status == 0 && quiet.output == loud.output)
  }

  /// A terminal gets styled text unless its user has turned that off; a pipe gets none.
  @Test func emphasisIsForTerminals() throws {
    let path = try folder.write(MIDIFile.bytes(of: ScoreGenerator.score(seed: 30)), to: "a.mid")
    let program = CommandLineProgram.executable("aurl").path
    func onATerminal(_ environment: [String: String]) throws -> Bool {
      let run = try CommandLineProgram.run(
        "/usr/bin/env", ["script", "-qec", "'\(program)' inspect '\(path)'", "/dev/null"], environment: environment)
      try #require(run.status == 0 && run.text.contains("a.mid"), "\(run.errors)")
      return run.text.contains("\u{1B}[")
    }
    #expect(try onATerminal(["NO_COLOR": "", "TERM": "xterm"]))
    #expect(try !onATerminal(["NO_COLOR": "1", "TERM": "xterm"]))
    #expect(try !onATerminal(["NO_COLOR": "", "TERM": "dumb"]))
    #expect(try !CommandLineProgram.aurl("inspect", path).text.contains("\u{1B}["))
  }

  @Test func inspectionJSONHasTheFixedFields() throws {
    let score = ScoreGenerator.score(seed: 30)
    var bytes = try MIDIFile.bytes(of: score)
    bytes += [1, 2, 3]
    let path = try folder.write(bytes, to: "a.mid")
    let result = try CommandLineProgram.aurl("inspect", path, "--json")
    let object = try #require(JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let read = try MIDIFile(path: path).score
    #expect(object["schema"] as? String == "aurl-inspect/1")
    #expect(object["file"] as? String == path)
    #expect(object["notes"] as? Int == read.noteCount && read.noteCount > 0)
    #expect(object["tokens"] as? Int == (try TokenEncoder().encode(read).count))
    #expect(object["tracks"] as? Int == read.tracks.count)
    #expect(abs((object["seconds"] as? Double ?? 0) - read.duration.rawValue) < 1e-9)
    let repairs = try #require(object["repairs"] as? [[String: Any]])
    let trailing = try #require(repairs.first { $0["kind"] as? String == "trailingBytes" })
    #expect(trailing["offset"] as? Int == bytes.count - 3 && trailing["count"] as? Int == 1)
    let trip = try #require(object["roundTrip"] as? [String: Any])
    #expect((trip["maxMs"] as? Double ?? 99) <= 7.8126 && trip["notesLost"] as? Int == 0)
  }

  /// The JSON has everything that the text shows, and more that other programs need.
  @Test func inspectionJSONDescribesTracksAndTexts() throws {
    var score = RandomWalk(3, notes: 0..<30).score
    let channel = Channel(status: 0)
    func text(_ tick: Tick, _ kind: TextEvent.Kind, _ string: String) -> TextEvent {
      TextEvent(tick: tick, kind: kind, bytes: Array(string.utf8))
    }
    score.tracks[0].controls = [
      ControlEvent(tick: 0, channel: channel, message: .program(Program(masking: 41))),
      ControlEvent(tick: 0, channel: channel, message: .controller(.sustain, 127)),
      ControlEvent(tick: 10, channel: channel, message: .pitchBend(100)),
      ControlEvent(tick: 20, channel: channel, message: .pitchBend(0)),
    ]
    score.tracks[0].texts = [
      text(0, .trackName, "Viola"), text(0, .marker, "Intro"), text(480, .lyric, "la"), text(960, .lyric, " li"),
    ]
    score.timeSignatures = [TimeSignature(tick: 0, numerator: 6, denominator: 8)]
    score.keySignatures = [KeySignature(tick: 0, sharps: -3, isMinor: true)]
    let path = try folder.write(MIDIFile.bytes(of: score), to: "a.mid")
    let result = try CommandLineProgram.aurl("inspect", path, "--json")
    let object = try #require(JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    func texts(_ name: String) -> [String] {
      (object[name] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
    }
    #expect(texts("lyrics") == ["la", " li"] && texts("markers") == ["Intro"])
    #expect(texts("meters") == ["6/8"] && texts("keys") == ["C minor"])
    #expect((object["lyrics"] as? [[String: Any]])?.first?["seconds"] as? Double == 0.5)
    let tempo = try #require(object["tempo"] as? [String: Any])
    #expect(tempo["minimumBPM"] as? Double == 120 && tempo["changes"] as? Int == 1)
    let tracks = try #require(object["trackDetails"] as? [[String: Any]])
    #expect(tracks.count == object["tracks"] as? Int)
    let track = try #require(tracks.first { $0["name"] as? String == "Viola" })
    let pitches = score.tracks[0].notes.map { Int($0.pitch.rawValue) }
    #expect(track["programs"] as? [Int] == [41] && track["bends"] as? Int == 2 && track["hasPedal"] as? Bool == true)
    #expect(track["lowest"] as? Int == pitches.min() && track["highest"] as? Int == pitches.max())
    let shown = try CommandLineProgram.aurl("inspect", path).text
    for part in ["program 41, 2 bends with pedal", "2 syllables: la li…", "markers     Intro"] {
      #expect(shown.contains(part), "\(shown)")
    }
  }

  /// The lyrics of a karaoke file are texts.
  @Test func karaokeTextsAreLyrics() throws {
    var score = RandomWalk(3, notes: 0..<30).score
    score.tracks[0].texts = [(0, "@KMIDI KARAOKE FILE"), (0, "@TSong"), (480, "\\Hey"), (960, " you")].map {
      TextEvent(tick: Tick(rawValue: $0), kind: .text, bytes: Array($1.utf8))
    }
    let path = try folder.write(MIDIFile.bytes(of: score), to: "a.kar")
    let object = try JSONSerialization.jsonObject(with: CommandLineProgram.aurl("inspect", path, "--json").output)
    let lyrics = try #require((object as? [String: Any])?["lyrics"] as? [[String: Any]])
    #expect(lyrics.compactMap { $0["text"] as? String } == ["\\Hey", " you"])
  }

  @Test func severalFilesMakeATable() throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      _ = try folder.write(MIDIFile.bytes(of: RandomWalk(seed, notes: 0..<20).score), to: "in/\(seed).mid")
    }
    _ = try folder.write(Array("771 60 287 188".utf8), to: "in/4.tokens")
    _ = try folder.write(Array("rubbish".utf8), to: "in/5.mid")
    let table = try CommandLineProgram.aurl("inspect", folder.path("in"))
    let rows = table.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(table.status == 0 && rows.count == 5, "\(table.text)")
    #expect(rows.dropFirst().map { $0.last } == (1...4).map { folder.path("in/\($0).\($0 == 4 ? "tokens" : "mid")") })
    // Format, duration, tracks, notes, drums.
    #expect(rows[1][3] == "20" && Array(rows[4].prefix(5)) == ["tokens", "0:00.50", "1", "1", "0"])
    #expect(table.errors.contains("5.mid: skipped: ") && table.errors.contains("4 of 5 files inspected, 1 skipped"))
    let lines = try CommandLineProgram.aurl("inspect", folder.path("in"), "--json", "-q")
    #expect(lines.errors.isEmpty && lines.text.split(separator: "\n").count == 4)
    #expect(lines.text.split(separator: "\n").allSatisfy { $0.contains("\"schema\":\"aurl-inspect/1\"") })
  }

  @Test func severalFilesAreDecodedIntoAFolder() throws {
    let streams = try (1...3).map { try TokenEncoder().encode(ScoreGenerator.score(seed: $0)) }
    for (stream, name) in zip(streams, ["a.tokens", "b/a.npy", "c.json"]) {
      let format: TokenFile.Format = name.hasSuffix("npy") ? .npy : name.hasSuffix("json") ? .json : .ids
      _ = try folder.write(TokenFile(tokens: stream).bytes(format: format), to: "in/\(name)")
    }
    _ = try folder.write(Array("9999".utf8), to: "in/d.tokens")
    let result = try CommandLineProgram.aurl("decode", folder.path("in"), "-o", folder.path("out"), "--json")
    #expect(result.status == 0 && result.errors.contains("d.tokens: skipped: token 0 is 9999"), "\(result.errors)")
    for (stream, name) in zip(streams, ["a.mid", "b/a.mid", "c.mid"]) {
      #expect(try TokenEncoder().encode(MIDIFile(path: folder.path("out/\(name)")).score) == stream, "\(name)")
    }
    let last = try #require(result.text.split(separator: "\n").last)
    #expect(last.contains("\"decoded\":3") && last.contains("\"skipped\":1"))
    #expect(try CommandLineProgram.aurl("decode", folder.path("in")).status == 64)
  }

  /// On a terminal there is color, unless `NO_COLOR` is set. `script` runs a command on a terminal.
  @Test(arguments: [("", true), ("1", false)]) func colorOnATerminal(noColor: String, isColored: Bool) throws {
    let path = try folder.write(MIDIFile.bytes(of: ScoreGenerator.score(seed: 30)), to: "a.mid")
    let program = CommandLineProgram.executable("aurl").path
    let run = try CommandLineProgram.run(
      "/usr/bin/script", ["-qec", "'\(program)' inspect '\(path)'", "/dev/null"],
      environment: ["NO_COLOR": noColor, "TERM": "xterm"])
    #expect(run.status == 0 && run.text.contains("MIDI format"), "\(run.text)")
    #expect(run.text.contains("\u{1B}[1m") == isColored)
  }

  @Test func inspectionReadsMIDIAndTokensAndObeysColor() throws {
    let path = try folder.write(MIDIFile.bytes(of: ScoreGenerator.score(seed: 30)), to: "a.mid")
    let plain = try CommandLineProgram.aurl("inspect", path)
    #expect(plain.text.contains("MIDI format") && !plain.text.contains("\u{1B}"))
    #expect(try CommandLineProgram.aurl("inspect", path, "--color", "always").text.contains("\u{1B}[1m"))
    let tokens = try CommandLineProgram.aurl("encode", path)
    let inspected = try CommandLineProgram.aurl("inspect", "-", input: tokens.output)
    #expect(inspected.status == 0 && inspected.text.contains("token stream"))
  }

  @Test func versionAndHelpAndCompletionsWork() throws {
    #expect(try CommandLineProgram.aurl("--version").text.contains("."))
    #expect(try CommandLineProgram.aurl("--help").text.contains("encode"))
    for shell in ["bash", "zsh", "fish"] {
      let script = try CommandLineProgram.aurl("--generate-completion-script", shell)
      #expect(script.status == 0 && script.text.contains("inspect"), "\(shell)")
    }
  }
}
