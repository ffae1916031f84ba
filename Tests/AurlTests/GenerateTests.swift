import Foundation
import MIDIFiles
import ModelFormat
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// `aurl generate` as it is run, with a model of random weights.
@Suite struct GenerateTests {
  let folder: TemporaryFolder
  let model: String

  init() throws {
    folder = try TemporaryFolder()
    model = folder.path("tiny.safetensors")
    try SyntheticModel().write(to: model)
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(1, notes: 0..<40).score), to: "a.mid")
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(2, notes: 0..<50).score), to: "b.mid")
  }

  func generate(_ arguments: String..., environment: [String: String] = [:]) throws -> CommandLineProgram.Result {
    let defaults = ["AURL_MODEL": model, "AURL_SOUNDFONT": TestSounds.soundFont]
    return try CommandLineProgram.run(
      "aurl", ["generate"] + arguments, environment: defaults.merging(environment) { $1 }, folder: folder.url)
  }

  private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) }

  private func score(_ name: String) throws -> Score { try MIDIFile(bytes: Array(bytes(name))).score }

  private func texts(_ name: String) throws -> String {
    try score(name).tracks[0].texts.filter { $0.kind == .text }.map(\.string).joined()
  }

  // MARK: Harmony

  /// The chords of a take are in its report, and the options for them in the command that makes it again.
  @Test func chordsAreFollowedAndReported() throws {
    func chords(_ options: String...) throws -> [String] {
      let run = try CommandLineProgram.run(
        "aurl",
        ["generate", "--model", model, "--seconds", "8", "--seed", "3", "--json", "-o", "chords.mid"] + options,
        folder: folder.url)
      try #require(run.status == 0, "\(run.errors)")
      let report = try #require(try run.jsonObjects().first)
      return (report["chords"] as? [[String: Any]] ?? []).map {
        "\($0["startSeconds"] ?? "") \($0["chord"] ?? "") \($0["key"] ?? "")"
      }
    }
    #expect(
      try chords("--chords", "| Dm7 G7/B | C |", "--tempo", "120", "--meter", "4/4") == [
        "0 Dm7 C major", "1 G7/B C major", "2 C C major", "4 Dm7 C major", "5 G7/B C major", "6 C C major",
      ])
    #expect(try texts("chords.mid").contains("--chords '| Dm7 G7/B | C |' --tempo 120.0 --meter 4/4"))
    #expect(try chords("--chords", "Am E", "--meter", "6/8", "--tempo", "30", "--key", "A minor").count == 2)
    #expect(try chords("--chords", "none").isEmpty)
    let composed = try chords("--key", "F minor")
    #expect(!composed.isEmpty && composed.allSatisfy { $0.hasSuffix("F minor") })
    #expect(try chords("--like", "a.mid").isEmpty && !chords("--like", "a.mid", "--tempo", "90").isEmpty)
    let own = try #require(try chords("--chords-of", "a.mid").first)
    #expect(own.hasSuffix(" major") || own.hasSuffix(" minor"))
  }

  @Test(arguments: [
    (["--chords", "C H"], "\"H\" is not a chord"), (["--chords", " "], "there is no chord"),
    (["--chords", "| C C C C C C C C C |"], "9 chords in a bar"),
    (["--chords", "C", "--chords-of", "a.mid"], "exclude"),
    (["--tempo", "20"], "--tempo takes 30 to 300"), (["--meter", "4"], "--meter takes a time signature"),
    (["--meter", "13/4"], "1 to 8 beats"), (["--chords", "none", "--tempo", "90"], "go with a chart"),
    (["--chords-of", "missing.mid"], "missing.mid"),
  ])
  func badChords(options: [String], message: String) throws {
    let run = try CommandLineProgram.run(
      "aurl", ["generate", "--model", model, "--seconds", "8", "-o", "bad.mid"] + options, folder: folder.url)
    #expect(run.status != 0 && run.errors.contains(message), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("bad.mid")))
  }

  @Test func aModelWithoutChartsFollowsNone() throws {
    var configuration = Configuration.tiny
    configuration.chart = nil
    try SyntheticModel(configuration).write(to: folder.path("plain.safetensors"))
    let arguments = ["generate", "--model", "plain.safetensors", "--seconds", "8", "-o", "plain.mid"]
    #expect(try CommandLineProgram.run("aurl", arguments, folder: folder.url).status == 0)
    let run = try CommandLineProgram.run("aurl", arguments + ["--chords", "C"], folder: folder.url)
    #expect(run.status == 64 && run.errors.contains("this model reads no chord charts"))
  }

  // MARK: Takes

  @Test func aTakeIsMadeAgainFromItsText() throws {
    try FileManager.default.createDirectory(atPath: folder.path("models"), withIntermediateDirectories: true)
    try SyntheticModel(seed: 2).write(to: folder.path("models/other.safetensors"))
    let options = [
      "--seconds", "40", "--temperature", "0.9", "--key", "D minor", "--prompt", "a.mid", "--form", "aba",
      "--steadiness", "0.5",
    ]
    let run = try CommandLineProgram.run(
      "aurl", ["generate", "-o", "take.mid", "--json", "--model", "models/other.safetensors"] + options,
      folder: folder.url)
    try #require(run.status == 0, "\(run.errors)")
    #expect(run.errors.isEmpty)
    let report = try #require(try run.jsonObjects().first)
    #expect(report["schema"] as? String == "aurl-generate/1")
    #expect(report["seconds"] as? Double == 40 && report["ending"] as? String == "time")
    #expect(report["output"] as? String == "take.mid")
    let settings = try #require(report["settings"] as? [String: Any])
    #expect(settings["form"] as? String == "ABA" && settings["steadiness"] as? Double == 0.5)
    #expect(settings["key"] as? String == "D minor" && settings["prompt"] as? String == "a.mid")
    let seed = try #require(report["seed"] as? UInt64)
    let text = try texts("take.mid")
    let identity = try #require(report["model"] as? [String: Any])
    #expect(identity["step"] as? Int == 7)
    #expect(text.contains("Model other.safetensors, step 7, SHA-256 \(try #require(identity["sha256"] as? String))"))
    #expect((report["tokens"] as? Int ?? 0) > 5 && (report["tokensPerSecond"] as? Double ?? 0) > 0)

    let command = try #require(text.range(of: "aurl generate").map { String(text[$0.lowerBound...]) })
    #expect(command.hasPrefix("aurl generate --model models/other.safetensors --seed \(seed) "))
    #expect(command.contains("--key 'D minor'"))
    let shell = try CommandLineProgram.run(
      "/bin/sh",
      [
        "-c", "PATH=\"$1:$PATH\" \(command) -o again.mid", "sh",
        CommandLineProgram.executable("aurl").deletingLastPathComponent().path,
      ],
      folder: folder.url)
    #expect(shell.status == 0, "\(shell.errors)")
    let isSame = try bytes("take.mid") == bytes("again.mid")
    #expect(isSame)
  }

  /// The command in the text of a take can be pasted into a shell, whatever the names of its files.
  @Test func namesInTheTextAreQuoted() throws {
    let name = "it's a \"prompt\" & more.mid"
    _ = try folder.write(bytes("a.mid"), to: name)
    let run = try generate("-o", "take.mid", "--seconds", "1", "--seed", "5", "-q", "--prompt", name)
    try #require(run.status == 0, "\(run.errors)")
    let text = try texts("take.mid")
    let command = try #require(text.range(of: "aurl generate").map { String(text[$0.lowerBound...]) })
    let words = try CommandLineProgram.run("/bin/sh", ["-c", "printf '%s\\n' \(command)"]).text
    #expect(words.split(separator: "\n").contains(Substring(name)), "\(command)")
  }

  @Test func tenTakesHaveTwoDigits() throws {
    let run = try generate("-o", "many", "--count", "10", "--seconds", "0.1", "--seed", "5", "-q")
    #expect(run.status == 0, "\(run.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("many")).sorted()
    #expect(names.first == "take-01.mid" && names.last == "take-10.mid" && names.count == 10, "\(names)")
  }

  /// Several takes are generated in one batch; with two jobs there are two batches.
  @Test func jobsDoNotChangeTakes() throws {
    let (count, first) = (9, 41)
    for jobs in ["1", "2", "3"] {
      let run = try generate(
        "-o", "jobs\(jobs)", "--count", "\(count)", "--seed", "\(first)", "--seconds", "60", "--jobs", jobs, "--json")
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      let reports = try run.jsonObjects()
      #expect(reports.compactMap { $0["seed"] as? Int } == Array(first..<first + count))
    }
    var takes: Set<Data> = []
    for number in 1...count {
      let take = try bytes("jobs1/take-\(number).mid")
      for jobs in 2...3 {
        let isSame = try take == bytes("jobs\(jobs)/take-\(number).mid")
        #expect(isSame, "take \(number) of \(jobs) jobs")
      }
      takes.insert(take)
    }
    #expect(takes.count == count)
    // Each take of a batch is what its own seed alone gives.
    #expect(try generate("-o", "single.mid", "--seed", "44", "--seconds", "60").status == 0)
    let isFourth = try bytes("single.mid") == bytes("jobs1/take-4.mid")
    #expect(isFourth)
  }

  @Test func constraintsHold() throws {
    let run = try generate(
      "-o", "take.mid", "--seconds", "600", "--key", "F# harmonic minor", "--range", "C3-B5", "--max-polyphony", "2")
    #expect(run.status == 0, "\(run.errors)")
    let notes = try score("take.mid").tracks[0].notes
    #expect(notes.count > 50)
    #expect(
      notes.allSatisfy {
        [6, 8, 9, 11, 1, 2, 5].contains($0.pitch.pitchClass.rawValue) && (48...83).contains($0.pitch.rawValue)
      })
    for note in notes {
      #expect(notes.count { $0.onset <= note.onset && $0.end > note.onset } <= 2)
    }
  }

  /// The longest duration of a note by default and with the option, in ticks of the stream (1/64 s).
  @Test(
    arguments: [([], 512), (["--longest-note", "0.5"], 32), (["--longest-note", "0.04"], 2)] as [([String], Int64)])
  func notesEndInTime(options: [String], ticks: Int64) throws {
    let run = try CommandLineProgram.run(
      "aurl", ["generate", "-o", "take.ids", "--seconds", "300", "--model", model] + options, folder: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    let notes = try TokenDecoder().decode(TokenFile(bytes: Array(bytes("take.ids"))).tokens).score.tracks[0].notes
    // A model of random weights holds most notes as long as it may; 960 ticks of the score are a second.
    #expect(notes.map(\.duration.rawValue).max() == 15 * ticks)
  }

  @Test func aTakeWithoutALengthIsNotEndless() throws {
    let run = try generate("--seed", "5", "-o", "take.tokens", "--json")
    let seconds = try #require(try run.jsonObjects().first?["seconds"] as? Double)
    #expect(seconds > 0 && seconds <= 60)
  }

  /// A form has a default length, before which the model cannot end the take.
  @Test func aFormLastsAMinute() throws {
    let run = try generate("-o", "form.mid", "--form", "AB", "--seed", "3")
    #expect(run.status == 0 && run.errors.contains("in 60.0 s"), "\(run.errors)")
  }

  /// Without the sequencer or the port, nothing is generated that could not be played.
  @Test func aPortIsConnectedBeforeAnythingIsMade() throws {
    let before = folder.files
    let run = try generate("-o", "take.mid", "--seconds", "1", "--play", "no such port")
    #expect(run.status == 69 && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    #expect(folder.files == before)
  }

  @Test func aPromptKeepsItsTracksOrIsLeftOut() throws {
    var piece = RandomWalk(1, notes: 0..<40).score
    let drum = Note(
      onset: 480, end: 600, pitch: Pitch(masking: 38), velocity: Velocity(masking: 90), channel: .drums)
    piece.tracks.append(Track(notes: [drum], end: 600))
    piece.timeSignatures = [TimeSignature(tick: .zero, numerator: 3, denominator: 4)]
    let lyric = TextEvent(tick: 240, kind: .lyric, bytes: Array("la".utf8))
    piece.tracks[0].texts = [lyric]
    _ = try folder.write(MIDIFile.bytes(of: piece), to: "prompt.mid")
    let options = ["--prompt", "prompt.mid", "--prompt-seconds", "4", "--seconds", "6", "--seed", "1", "-q"]
    func take(_ more: String...) throws -> Score {
      let run = try CommandLineProgram.run(
        "aurl", ["generate", "-o", "take.mid", "--model", model] + options + more, folder: folder.url)
      try #require(run.status == 0, "\(run.errors)")
      return try score("take.mid")
    }
    let both = try take()
    let early = piece.tracks[0].notes.filter { piece.tempoMap.seconds(at: $0.onset) < Seconds(4) }
    #expect(both.tracks.count == 3 && both.tracks[1].notes == [drum])
    #expect(both.tracks[0].texts.last == lyric && both.tracks[0].texts[0].string.hasPrefix("Made by"))
    #expect(both.tracks[0].notes.map(\.onset) == early.map(\.onset) && both.timeSignatures == piece.timeSignatures)
    #expect(abs(both.tempoMap.seconds(at: both.tracks[2].end).rawValue - 10) < 0.01)
    let new = try take("--only-new")
    #expect(new.tracks.count == 1 && abs(new.tempoMap.seconds(at: new.tracks[0].end).rawValue - 6) < 0.01)
    #expect(new.tracks[0].notes.map(\.pitch) == both.tracks[2].notes.map(\.pitch))
    #expect(try texts("take.mid").contains("--only-new"))
  }

  @Test func aPromptIsInTheResultAndGoesOn() throws {
    let run = try generate(
      "--prompt", "a.mid", "--prompt-seconds", "5", "--seconds", "20", "-o", "take.tokens", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let prompt = try TokenEncoder().encode(score("a.mid"))
    let take = try TokenFile(bytes: Array(bytes("take.tokens"))).tokens
    #expect(take.starts(with: prompt.prefix(20)))
    let decoded = try TokenDecoder(isStrict: true).decode(take)
    #expect(decoded.score.tempoMap.seconds(at: decoded.score.tracks[0].end) == Seconds(25))
    #expect(try run.jsonObjects().first?["promptSeconds"] as? Double == 5)
  }

  /// A prompt ends with a velocity token, which nothing could follow where no further note may sound.
  @Test func aPromptMayEndWithALevel() throws {
    _ = try folder.write(Array("771 60 300 772".utf8), to: "level.ids")
    let run = try generate(
      "--prompt", "level.ids", "--max-polyphony", "1", "--seconds", "3", "-o", "take.ids", "-q")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let take = try TokenFile(bytes: Array(bytes("take.ids"))).tokens
    #expect(take.starts(with: [771, 60, 300].compactMap(Token.init(rawValue:))))
  }

  @Test(arguments: ["--prompt", "--like"])
  func repairsAreReported(option: String) throws {
    _ = try folder.write(Array("60 300 188".utf8), to: "odd.ids")
    let run = try generate(option, "odd.ids", "--seconds", "1", "-o", "take.mid")
    #expect(run.status == 0 && run.errors.contains("odd.ids: NOTE_ON before any VELOCITY_CHANGE taken as mf (token 0)"))
    #expect(try generate(option, "odd.ids", "--seconds", "1", "-o", "take.mid", "-q").errors.isEmpty)
  }

  /// A prompt that has to be encoded again must not exceed the encoder's maximum length.
  @Test func aPromptMayBeTooLong() throws {
    let stream = [60] + [UInt16](repeating: 767, count: 4_500_001) + [188]
    let tokens = stream.compactMap { Token(rawValue: $0) }
    _ = try folder.write(TokenFile(tokens: tokens).bytes(format: .npy), to: "long.npy")
    let run = try generate("--prompt", "long.npy", "-o", "take.mid")
    #expect(run.status == 65 && run.errors.hasPrefix("Error: long.npy: it lasts 10000 hours"), "\(run.errors)")
  }

  @Test func waysToTakeLatentsFromMusic() throws {
    let common = ["--seconds", "20", "--seed", "3", "-q"]
    let modes = [
      ["--like", "a.mid"], ["--vary", "a.mid"], ["--vary", "a.mid", "--level", "global"],
      ["--vary", "a.mid", "--level", "local"], [],
    ]
    var takes: Set<Data> = []
    for (index, mode) in modes.enumerated() {
      let run = try CommandLineProgram.run(
        "aurl", ["generate", "-o", "\(index).ids", "--model", model] + mode + common, folder: folder.url)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      takes.insert(try bytes("\(index).ids"))
    }
    #expect(takes.count == modes.count)
    let run = try generate("--between", "a.mid", "b.mid", "--steps", "3", "-o", "way.mid", "--seconds", "20", "--json")
    let reports = try run.jsonObjects()
    #expect(reports.compactMap { $0["output"] as? String } == ["way-1.mid", "way-2.mid", "way-3.mid"])
    #expect(Set(reports.compactMap { $0["seed"] as? Int }).count == 1)
    #expect(Set(try reports.indices.map { try bytes("way-\($0 + 1).mid") }).count == 3)
    #expect(try texts("way-2.mid").contains("--between a.mid b.mid --steps 3"))
  }

  // MARK: Results

  @Test func resultsByExtension() throws {
    var streams: [[Token]] = []
    for name in ["t.ids", "t.names", "t.json", "t.npy"] {
      #expect(try generate("-o", name, "--seed", "9", "--seconds", "10").status == 0)
      streams.append(try TokenFile(bytes: Array(bytes(name))).tokens)
    }
    #expect(streams[0].count > 3 && Set(streams).count == 1)
    let source = try TokenFile(bytes: Array(bytes("t.json"))).metadata?.source
    #expect(source?.hasPrefix("aurl generate --seed 9 ") == true, "the default model is not named")
    let pipe = try generate("--seed", "9", "--seconds", "10")
    let decoded = try TokenDecoder().decode(streams[0])
    #expect(try MIDIFile(bytes: Array(pipe.output)).score.tracks[0].notes == decoded.score.tracks[0].notes)
    #expect(try bytes("t.names").starts(with: Array("VELOCITY_CHANGE ".utf8)))
  }

  @Test func takesAreRendered() throws {
    let run = try generate(
      "--count", "2", "--render", "sounds", "--format", "flac", "--rate", "8000", "--seconds", "3", "--seed", "1",
      "--exact")
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.files.filter { $0.hasPrefix("sounds/") } == ["sounds/take-1.flac", "sounds/take-2.flac"])
    #expect(run.output.isEmpty && run.errors.contains("sounds/take-2.flac: "))
    #expect(try #require(ReadSound(folder.path("sounds/take-1.flac"))).frames == 24_000)
    let both = try generate("-o", "x.mid", "--render", "x.wav", "--rate", "8000", "--seconds", "1", "--json")
    #expect(both.status == 0 && folder.files.contains("x.mid") && folder.files.contains("x.wav"))
    #expect(try both.jsonObjects().first?["sound"] as? String == "x.wav")
  }

  /// The signal arrives while sound files are being written; every file under its final name is complete.
  @Test func anInterruptedRunLeavesWholeFiles() throws {
    let process = Process()
    // A shell that runs the tests in the background makes them ignore SIGINT, and the program would inherit that.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["--default-signal=INT", CommandLineProgram.executable("aurl").path, "generate", "--model", model, "-q"]
      + ["-o", "takes", "--render", "takes", "--count", "1000", "--jobs", "2", "--seconds", "60"]
      + ["--rate", "8000", "--exact"]
    process.environment = ProcessInfo.processInfo.environment.merging(["AURL_SOUNDFONT": TestSounds.soundFont]) { $1 }
    process.currentDirectoryURL = folder.url
    process.standardError = FileHandle.nullDevice
    try process.run()
    func takes(_ name: String) -> [String] {
      folder.files.filter { $0.hasPrefix("takes/take-") && $0.hasSuffix(name) }
    }
    while process.isRunning, takes(".wav").count < 3 { usleep(1000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGINT)
    let (music, sounds) = (takes(".mid"), takes(".wav"))
    #expect(music.count >= sounds.count && (3..<1000).contains(sounds.count))
    for name in music {
      let file = try MIDIFile(bytes: Array(bytes(name)))
      #expect(!file.repairs.contains { $0.kind.isDamage }, "\(name)")
      #expect(file.score.tempoMap.seconds(at: file.score.tracks[0].end) == Seconds(60), "\(name)")
    }
    for name in sounds { #expect(try #require(ReadSound(folder.path(name))).frames == 480_000, "\(name)") }
  }

  // MARK: Where the model is

  @Test func theModelIsFound() throws {
    let aurl = folder.path("home/bin/aurl")
    let install = ["-D", "-m", "755", CommandLineProgram.executable("aurl").path, aurl]
    try #require(try CommandLineProgram.run("/usr/bin/install", install).status == 0)
    try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: aurl)
    func step(_ arguments: String...) throws -> Any? {
      let run = try CommandLineProgram.run(
        folder.path("link"), ["generate", "-o", "x.mid", "--seconds", "1", "--json"] + arguments,
        environment: ["XDG_DATA_HOME": folder.path("data"), "AURL_MODEL": ""], folder: folder.url)
      guard run.status == 0 else {
        #expect(run.status == 69 && run.errors.hasPrefix("Error: aurl-small.safetensors: no such model in "))
        #expect(run.errors.split(separator: "\n").count == 1)
        return nil
      }
      return (try run.jsonObjects().first?["model"] as? [String: Any])?["sha256"]
    }
    #expect(try step() == nil)
    var digests: [String] = []
    // From the place of lowest precedence to that of the highest.
    let places = ["data/aurl/models", "home/models", "home/bin/models", "home/share/aurl/models"]
    for (seed, place) in places.enumerated() {
      try FileManager.default.createDirectory(atPath: folder.path(place), withIntermediateDirectories: true)
      try SyntheticModel(seed: UInt64(seed + 5)).write(to: folder.path("\(place)/aurl-small.safetensors"))
      digests.append(try #require(try step() as? String, "\(place)"))
    }
    #expect(Set(digests).count == places.count, "each takes precedence over those already there")
    let named = try step("--model", "data/aurl/models/aurl-small.safetensors") as? String
    #expect(named == digests[0])
    try SyntheticModel(seed: 99).write(to: folder.path("home/models/other.safetensors"))
    let byName = try step("--model", "other") as? String
    #expect(byName != nil && !digests.contains(byName ?? ""))
  }
}
