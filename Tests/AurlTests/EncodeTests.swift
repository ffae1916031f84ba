import Foundation
import MIDIFiles
import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite struct EncodeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func midi(_ seed: UInt64, _ name: String) throws -> (path: String, score: Score) {
    let score = ScoreGenerator.score(seed: seed)
    let path = try folder.write(MIDIFile.bytes(of: score), to: name)
    return (path, try MIDIFile(path: path).score)
  }

  @Test(arguments: TokenFile.Format.allCases)
  func oneFileGoesToStandardOutput(format: TokenFile.Format) throws {
    let (path, score) = try midi(5, "a.mid")
    let named = folder.path("by-name.\(format.rawValue)")
    #expect(try CommandLineProgram.aurl("encode", path, "-o", named).status == 0)
    let result = try CommandLineProgram.aurl("encode", path, "--format", format.rawValue)
    #expect(try Data(contentsOf: URL(fileURLWithPath: named)) == result.output)
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(try TokenFile(bytes: Array(result.output)).tokens == TokenEncoder().encode(score))
  }

  @Test func pipesAndFilesGiveTheSame() throws {
    let (path, _) = try midi(6, "a.mid")
    let toFile = try CommandLineProgram.aurl("encode", path, "-o", folder.path("a.tokens"))
    #expect(toFile.status == 0 && toFile.output.isEmpty)
    let piped = try CommandLineProgram.aurl("encode", "-", input: Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("a.tokens"))) == piped.output)
  }

  @Test func optionsChooseWhatIsEncoded() throws {
    let (path, score) = try midi(13, "a.mid")
    let cases: [([String], EncodingOptions)] = [
      (["--pedal", "ignore"], EncodingOptions(pedal: .ignore)), (["--drums"], EncodingOptions(includesDrums: true)),
      (["--track", "1"], EncodingOptions(tracks: [0])),
      (["--channel", "2", "--channel", "10"], EncodingOptions(channels: [Channel(status: 1), .drums])),
    ]
    for (arguments, options) in cases {
      let result = try CommandLineProgram.run("aurl", ["encode", path] + arguments)
      let expected = try TokenEncoder(options: options).encode(score)
      #expect(try TokenFile(bytes: Array(result.output)).tokens == expected, "\(arguments)")
    }
  }

  @Test func nothingButDrumsIsSaid() throws {
    let map = TempoMap(division: .metrical(ticksPerQuarter: 480))
    let notes = [0, 480].map { tick in
      Note(
        onset: Tick(rawValue: tick), end: Tick(rawValue: tick + 240), pitch: Pitch(masking: 36),
        velocity: Velocity(masking: 80), channel: .drums)
    }
    let bytes = try MIDIFile.bytes(of: Score(tempoMap: map, tracks: [Track(notes: notes)]))
    let path = try folder.write(bytes, to: "beat.mid")
    let result = try CommandLineProgram.aurl("encode", path)
    #expect(result.status == 0 && result.errors.contains("all its 2 notes are drums, which only --drums encodes"))
    #expect(try TokenFile(bytes: Array(CommandLineProgram.aurl("encode", path, "--drums").output)).tokens.count == 8)
    let inspected = try CommandLineProgram.aurl("inspect", path)
    #expect(String(decoding: inspected.output, as: UTF8.self).contains("all notes, which only --drums encodes"))
  }

  @Test func aFolderIsEncodedAndRubbishSkippedWithItsReason() throws {
    var tokens = 0
    for index in 0..<9 {
      tokens += try TokenEncoder().encode(midi(UInt64(index), "in/\(index % 2)/\(index).mid").score).count
    }
    _ = try folder.write(Array("<html></html>".utf8), to: "in/rubbish.mid")
    _ = try folder.write(Array("notes".utf8), to: "in/readme.txt")
    for jobs in ["1", "3"] {
      let out = folder.path("out\(jobs)")
      let result = try CommandLineProgram.aurl("encode", folder.path("in"), "-o", out, "--jobs", jobs)
      #expect(result.status == 0)
      #expect(result.errors.contains("rubbish.mid: skipped: not a MIDI file but a web page (HTML)"))
      #expect(result.errors.contains("9 of 10 files encoded, 1 skipped"))
      #expect(result.errors.contains("\(tokens) tokens"))
    }
    let names = folder.files
    #expect(names.filter { $0.hasPrefix("out1/") }.count == 9)
    #expect(names.contains("out3/1/7.tokens"))
  }

  @Test(arguments: [[], ["--json"], ["-q"]]) func aFolderOfNothingButRubbishIsAnError(options: [String]) throws {
    for name in ["in/a.mid", "in/b.mid"] { _ = try folder.write(Array("rubbish".utf8), to: name) }
    let run = try CommandLineProgram.run("aurl", ["encode", "in", "-o", "out"] + options, folder: folder.url)
    #expect(run.status == 65 && run.errors.contains("not one of the files could be encoded"), "\(run.errors)")
  }

  @Test func batchJSONHasALineForEachFileAndASummary() throws {
    _ = try midi(1, "in/a.mid")
    _ = try folder.write([], to: "in/empty.mid")
    let result = try CommandLineProgram.aurl("encode", folder.path("in"), "-o", folder.path("out"), "--json", "--quiet")
    let lines = try result.text.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    try #require(lines.count == 3)
    #expect(lines[0]["notes"] as? Int ?? 0 > 0 && lines[0]["error"] == nil)
    #expect((lines[1]["error"] as? String)?.contains("empty") == true)
    let summary = try #require(lines[2]["summary"] as? [String: Any])
    #expect(summary["files"] as? Int == 2 && summary["encoded"] as? Int == 1 && summary["skipped"] as? Int == 1)
    #expect(summary["tokens"] as? Int == lines[0]["tokens"] as? Int)
  }

  /// With a single file, `--json` describes the result too, which then cannot be on standard output.
  @Test(arguments: [
    ("encode", "song.mid", "b.tokens"), ("decode", "a.tokens", "b.mid"), ("notate", "song.mid", "b.mxl"),
  ])
  func aSingleResultIsDescribedInJSON(command: String, input: String, output: String) throws {
    let score = try midi(1, "song.mid").score
    let tokens = try TokenEncoder().encode(score)
    _ = try folder.write(TokenFile(tokens: tokens).bytes(format: .ids), to: "a.tokens")
    let run = try CommandLineProgram.run("aurl", [command, input, "-o", output, "--json", "-q"], folder: folder.url)
    let lines = try run.jsonObjects()
    try #require(run.status == 0 && lines.count == 1, "\(run.errors)")
    #expect(lines[0]["file"] as? String == input && lines[0]["outputs"] as? [String] == [output])
    #expect(lines[0]["notes"] as? Int ?? 0 > 0)
    if command != "notate" { #expect(lines[0]["tokens"] as? Int == tokens.count) }
    let mixed = try CommandLineProgram.run("aurl", [command, input, "--json"], folder: folder.url)
    #expect(mixed.status == 64 && mixed.output.isEmpty && mixed.errors.contains("-o"), "\(mixed.errors)")
  }

  @Test func filesOfOneNameDoNotOverwriteEachOther() throws {
    let a = try midi(1, "x/song.mid").path
    let b = try midi(2, "y/song.mid").path
    let c = try midi(3, "y/song.midi").path
    #expect(try CommandLineProgram.aurl("encode", a, b, c, "-o", folder.path("out")).status == 0)
    #expect(folder.files.filter { $0.hasPrefix("out/") }.count == 3)
  }

  @Test func tracksCanBeEncodedApart() throws {
    let (path, score) = try midi(8, "song.mid")
    let result = try CommandLineProgram.aurl("encode", path, "--per-track", "--drums", "-o", folder.path("out"))
    #expect(result.status == 0)
    let filled = score.tracks.indices.filter { !score.tracks[$0].notes.isEmpty }
    #expect(folder.files.filter { $0.hasPrefix("out/") } == filled.map { "out/song.track\($0 + 1).tokens" })
    for index in filled {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("out/song.track\(index + 1).tokens")))
      let options = EncodingOptions(includesDrums: true, tracks: [index])
      #expect(try TokenFile(bytes: Array(bytes)).tokens == TokenEncoder(options: options).encode(score))
    }
  }

  @Test func damageIsRepairedWithAWarningOrRefused() throws {
    let (path, _) = try midi(4, "a.mid")
    let cut = try folder.write(Data(contentsOf: URL(fileURLWithPath: path)).dropLast(30), to: "cut.mid")
    let repaired = try CommandLineProgram.aurl("encode", cut)
    #expect(repaired.status == 0 && !repaired.output.isEmpty)
    #expect(repaired.errors.contains("Warning: \(cut): track cut short by the end of the file"))
    #expect(try CommandLineProgram.aurl("encode", cut, "--quiet").errors.isEmpty)
    let strict = try CommandLineProgram.aurl("encode", cut, "--strict")
    #expect(strict.status == 65 && strict.output.isEmpty)
  }
}
