import Foundation
import MIDIFiles
import ModelFormat
import MusicCore
import TestSupport
import Testing

/// `aurl live` as it is run, offline and with a model of random numbers.
@Suite struct LiveTests {
  private let folder: TemporaryFolder
  private let model: String

  init() throws {
    folder = try TemporaryFolder()
    model = folder.path("tiny.safetensors")
    try SyntheticModel().write(to: model)
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(1, notes: 0..<24).score), to: "a.mid")
  }

  private func live(_ arguments: [String]) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(
      "aurl", ["live"] + arguments, environment: ["AURL_MODEL": model], folder: folder.url)
  }

  private func score(_ name: String) throws -> Score {
    try MIDIFile(bytes: Array(Data(contentsOf: URL(fileURLWithPath: folder.path(name))))).score
  }

  /// Played again from its recording, a session is the same to the byte.
  @Test func aRecordedSessionIsPlayedAgain() throws {
    let options = ["--offline", "--seed", "5", "--answer", "2", "--quiet"]
    let first = try live(
      ["--player", "a.mid", "--phrases", "2", "--record", "one.mid", "--report", "-"] + options)
    try #require(first.status == 0, "\(first.errors)")
    let report = try #require(try first.jsonObjects().first)
    #expect(report["schema"] as? String == "aurl-live/1" && report["seed"] as? UInt64 == 5)
    let turns = try #require(report["turns"] as? [[String: Any]])
    #expect(turns.count >= 2)
    let again = try live(["--player", "one.mid", "--record", "two.mid"] + options)
    #expect(again.status == 0 && again.errors.isEmpty)
    let (one, two) = (try score("one.mid"), try score("two.mid"))
    #expect(one.tracks.map(\.name) == ["you", "aurl"] && one.tracks[1].notes.count > 3)
    #expect(one == two)
    // Every field of the report is explained.
    let document = try String(
      contentsOf: CommandLineProgram.checkout.appendingPathComponent("docs/live.md"), encoding: .utf8)
    let cost = try #require(turns[0]["cost"] as? [String: Any])
    for key in Array(report.keys) + Array(turns[0].keys) + Array(cost.keys) {
      #expect(document.contains("`\(key)`"), "\(key) is not in docs/live.md")
    }
  }

  /// Where there is no sequencer, that is said before anything is begun.
  @Test(.enabled(if: !FileManager.default.fileExists(atPath: "/dev/snd/seq")))
  func withoutASequencerThereIsNoSession() throws {
    let run = try live(["--record", "take.mid", "--seconds", "1"])
    #expect(run.status == 69 && run.errors.contains("modprobe snd-seq"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path("take.partial.mid")))
  }

  @Test func whatIsWrongIsSaid() throws {
    let cases: [([String], Int32, String)] = [
      (["--player", "a.mid"], 64, "--offline"), (["--offline"], 64, "--player"),
      (["--player", "a.mid", "--offline", "--synth"], 64, "--offline"), (["--phrases", "4"], 64, "--phrases"),
      (["--audio", "alsa"], 64, "--synth"), (["--no-thru"], 64, "--synth"), (["--seconds", "0"], 64, "--seconds"),
      (["--synth", "--audio", "alsa:hw:CARD=none"], 69, "no sound device"),
      (["--synth", "--soundfont", "none.sf2"], 69, "none.sf2"),
      (["--player", "none.mid", "--offline"], 66, "none.mid"),
      (["--player", "a.mid", "--offline", "--handover", "bars"], 64, "bars"),
      (["--player", "a.mid", "--offline", "--key", "H major"], 64, "H major"),
      (["--player", "a.mid", "--offline", "--develop", "2"], 64, "--develop"),
      (["--player", "a.mid", "--offline", "--record", "a.mid"], 73, "input"),
      (["--player", "a.mid", "--offline", "--handover", "key", "--pause", "1"], 64, "--pause"),
    ]
    for (arguments, status, text) in cases {
      let run = try live(arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
    }
  }
}
