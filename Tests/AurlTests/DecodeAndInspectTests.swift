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
    // 1/64 s is 11.25 ticks of 480 a quarter at this tempo, and a whole number of none below 1920.
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

  /// A terminal gets emphasis where its user has not refused it, and a pipe gets none.
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

  @Test func inspectionReadsMIDIAndTokensAndObeysColour() throws {
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
