import Foundation
import MIDIFiles
import ModelFormat
import MusicCore
import TestSupport
import Testing

/// The command `aurl live` without ports, with a model of random weights.
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
      "aurl", ["live"] + arguments, environment: ["AURL_MODEL": model, "XDG_CONFIG_HOME": folder.path("config")],
      folder: folder.url)
  }

  private func writePresets(_ text: String) throws {
    let path = URL(fileURLWithPath: folder.path("config/aurl"))
    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: path.appendingPathComponent("live.conf"))
  }

  private func score(_ name: String) throws -> Score {
    try MIDIFile(bytes: Array(Data(contentsOf: URL(fileURLWithPath: folder.path(name))))).score
  }

  /// A session whose player is an earlier recording reproduces that recording exactly.
  @Test func sessionsAreReproducedFromTheirRecording() throws {
    let options = ["--offline", "--seed", "5", "--answer", "2", "--quiet"]
    let first = try live(
      ["--player", "a.mid", "--phrases", "2", "--record", "one.mid", "--report", "-"] + options)
    try #require(first.status == 0, "\(first.errors)")
    let report = try #require(try first.jsonObjects().first)
    #expect(report["schema"] as? String == "aurl-live/1" && report["seed"] as? UInt64 == 5)
    // Reading takes some time, part of the plan is played as planned, and every note ends.
    let share = try #require(report["listenShare"] as? Double)
    #expect(share > 0 && share < 1 && report["stuck"] as? Int == 0)
    #expect(report["replans"] is Int && report["confirmedShare"] as? Double ?? 0 > 0.2)
    let turns = try #require(report["turns"] as? [[String: Any]])
    #expect(turns.count >= 2)
    let again = try live(["--player", "one.mid", "--record", "two.mid"] + options)
    #expect(again.status == 0 && again.errors.isEmpty)
    let (one, two) = (try score("one.mid"), try score("two.mid"))
    #expect(one.tracks.map(\.name) == ["you", "aurl"] && one.tracks[1].notes.count > 3)
    #expect(one == two)
    // Every field of the report is documented.
    let cost = try #require(turns[0]["cost"] as? [String: Any])
    for key in Array(report.keys) + Array(turns[0].keys) + Array(cost.keys) {
      #expect(document.contains("`\(key)`"), "\(key) is not in docs/live.md")
    }
  }

  /// A session with a file in real time, on the synthesizer and without ports, is reproduced offline from its recording.
  @Test func aFileIsAnsweredInRealTime() throws {
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(1, notes: 0..<9).score), to: "short.mid")
    let font = try folder.write(OrganFont.bytes(), to: "organ.sf2")
    let options = ["--seed", "5", "--answer", "2", "--quiet"]
    let first = try live(
      [
        "--player", "short.mid", "--phrases", "1", "--synth", "--soundfont", font, "--audio", "file", "--record",
        "one.mid",
      ]
        + ["--report", "-"] + options)
    try #require(first.status == 0, "\(first.errors)")
    let report = try #require(try first.jsonObjects().first)
    let turns = try #require(report["turns"] as? [[String: Any]])
    #expect(!turns.isEmpty && turns.allSatisfy { $0["notes"] as? Int ?? 0 > 0 && $0["ended"] as? String == "length" })
    #expect(report["stuck"] as? Int == 0 && report["lost"] as? Int == 0 && report["realTime"] is Bool)
    // A busy machine may be late; what is late or dropped is counted.
    for name in ["underruns", "lateDecisions", "lateNotes", "droppedNotes"] {
      #expect(report[name] as? Int != nil, "\(name)")
    }
    for name in ["wakeMs", "scheduledErrorMs"] { #expect((report[name] as? [String: Any])?.count == 4, "\(name)") }
    #expect(FileManager.default.fileExists(atPath: folder.path("fluidsynth.wav")), "the output exists")
    let again = try live(["--player", "one.mid", "--offline", "--record", "two.mid"] + options)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try score("one.mid") == score("two.mid"))
    // Every field of the report is documented.
    for key in report.keys { #expect(document.contains("`\(key)`"), "\(key) is not in docs/live.md") }
  }

  private var document: String {
    let path = CommandLineProgram.checkout.appendingPathComponent("docs/live.md")
    return (try? String(contentsOf: path, encoding: .utf8)) ?? ""
  }

  /// Bars are traded at the tempo of the piece: the model's notes are on sixteenths or, if they are faster, on quarters of
  /// them, in every other bar, and the session is reproduced from its recording, which contains the beats.
  @Test func barsOfAPieceAreTraded() throws {
    let options = ["--mode", "trade", "--bars", "1", "--offline", "--seed", "5", "--quiet"]
    let first = try live(["--player", "a.mid", "--bpm", "120", "--record", "one.mid", "--report", "-"] + options)
    try #require(first.status == 0, "\(first.errors)")
    let turns = try #require(try first.jsonObjects().first?["turns"] as? [[String: Any]])
    #expect(turns.count >= 2 && turns.allSatisfy { $0["handover"] as? String == "bars" })
    let one = try score("one.mid")
    #expect(one.tracks[1].notes.count > 3)
    for note in one.tracks[1].notes {
      // 3840 ticks a bar at 120, 240 a sixteenth.
      #expect(note.onset.rawValue.isMultiple(of: 60) && note.onset.rawValue / 3840 % 2 == 1)
    }
    let again = try live(["--player", "one.mid", "--record", "two.mid"] + options)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try score("two.mid") == one)
  }

  /// The player from a file waits for the end of long answers and of long bars.
  @Test func longAnswersAreWaitedFor() throws {
    let options = ["--player", "a.mid", "--offline", "--seed", "5", "--quiet", "--report", "-"]
    for more in [["--answer", "120"], ["--mode", "trade", "--bars", "32", "--bpm", "60"]] {
      let run = try live(options + more)
      try #require(run.status == 0, "\(run.errors)")
      let turns = try #require(try run.jsonObjects().first?["turns"] as? [[String: Any]])
      #expect(turns.count == 1 && turns[0]["ended"] as? String == "length", "\(more): \(turns)")
      #expect(turns[0]["seconds"] as? Double ?? 0 > 60)
    }
  }

  /// A preset adds its options; those on the command line take precedence.
  @Test func presetsAddTheirOptions() throws {
    try writePresets(
      """
      # for the duo
      [duo]
      mode = continue
      patience = 2
      seed = 11
      offline

      [other]
      develop = 1
      """)
    let run = try live(["--preset", "duo", "--player", "a.mid", "--seed", "12", "--report", "-", "--quiet"])
    try #require(run.status == 0, "\(run.errors)")
    let report = try #require(try run.jsonObjects().first)
    #expect(report["mode"] as? String == "continue" && report["seed"] as? Int == 12)
    let list = try live(["--list-presets"])
    #expect(list.status == 0 && list.text.contains("duo --mode continue") && list.text.contains("other --develop 1"))
    let unknown = try live(["--preset", "trio", "--offline"])
    #expect(unknown.status == 64 && unknown.errors.contains("duo, other"), "\(unknown.errors)")
    // With the line ends and byte order mark of another system, and a quoted value as in a shell.
    try writePresets("\u{FEFF}[b]\r\nkey = \"D minor\"\r\nmode = continue\r\noffline\r\n")
    let other = try live(["--preset", "b", "--player", "a.mid", "--seed", "1", "--report", "-", "--quiet"])
    try #require(other.status == 0, "\(other.errors)")
    #expect(try other.jsonObjects().first?["mode"] as? String == "continue")
    for (text, line) in [
      ("[a]\nvolume = 3", 2), ("mode = trade", 1), ("[a]\n\nbars = many", 3), ("[a]\nmode", 2), ("[a]\nhelp", 2),
      ("[a]\noffline\n[a]", 3),
    ] {
      try writePresets(text)
      let run = try live(["--preset", "a", "--player", "a.mid", "--offline"])
      #expect(run.status == 65 && run.errors.contains("live.conf:\(line)"), "\(text): \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1)
    }
  }

  /// A missing sequencer is reported before a take is started.
  @Test(.enabled(if: !FileManager.default.fileExists(atPath: "/dev/snd/seq")))
  func withoutASequencerThereIsNoSession() throws {
    let run = try live(["--record", "take.mid", "--seconds", "1"])
    #expect(run.status == 69 && run.errors.contains("modprobe snd-seq"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path("take.partial.mid")))
  }

  @Test func invalidOptionsAndFilesAreReported() throws {
    let cases: [([String], Int32, String)] = [
      (["--player", "a.mid"], 64, "--synth"), (["--offline"], 64, "--player"),
      (["--player", "a.mid", "--offline", "--synth"], 64, "--offline"), (["--phrases", "4"], 64, "--phrases"),
      (["--player", "a.mid", "--synth", "--from", "x"], 64, "--from"),
      (["--player", "a.mid", "--synth", "--metronome"], 64, "--metronome"),
      (["--player", "a.mid", "--synth", "--record", "a.mid"], 73, "input"),
      (["--audio", "alsa"], 64, "--synth"), (["--no-thru"], 64, "--synth"), (["--seconds", "0"], 64, "--seconds"),
      (["--synth", "--audio", "alsa:hw:CARD=none"], 69, "no sound device"),
      (["--synth", "--soundfont", "none.sf2"], 69, "none.sf2"),
      (["--player", "none.mid", "--offline"], 66, "none.mid"),
      (["--player", "a.mid", "--offline", "--handover", "bars"], 64, "bars"),
      (["--player", "a.mid", "--offline", "--key", "H major"], 64, "H major"),
      (["--player", "a.mid", "--offline", "--develop", "2"], 64, "--develop"),
      (["--player", "a.mid", "--offline", "--record", "a.mid"], 73, "input"),
      (["--player", "a.mid", "--offline", "--handover", "key", "--pause", "1"], 64, "--pause"),
      (["--player", "a.mid", "--offline", "--metronome"], 64, "--metronome"),
      (["--count-in", "1"], 64, "--bpm"), (["--bpm", "0"], 64, "--bpm"), (["--bars", "0"], 64, "--bars"),
      (["--meter", "4/5"], 64, "4/5"), (["--grid", "17"], 64, "17"), (["--strength", "101"], 64, "--strength"),
      (["--map", "cc:74=volume"], 64, "cc:74=volume"), (["--map", "cc:200=tap"], 64, "cc:200=tap"),
      (["--map", "cc:1=temperature:2..1"], 64, "2..1"), (["--channel", "17"], 64, "17"),
      (["--swing", "40"], 64, "--swing"), (["--share", "2"], 64, "--share"), (["--zone-latch"], 64, "--zone"),
      (["--zone", "C4-C3"], 64, "C4-C3"), (["--output-latency", "900"], 64, "--output-latency"),
      (["--state-cc", "120"], 64, "--state-cc"),
      (["--player", "a.mid", "--offline", "--state-cc", "1"], 64, "--player FILE"),
    ]
    for (arguments, status, text) in cases {
      let run = try live(arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
    }
  }
}
