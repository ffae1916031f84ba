import Foundation
import MIDIFiles
import TestSupport
import Testing

/// Invalid input gets a one-line message that says what to do, and the exit code of its kind.
@Suite struct ErrorTests {
  private let folder: TemporaryFolder
  private let midi: String
  private let tokens: String

  init() throws {
    folder = try TemporaryFolder()
    midi = try folder.write(MIDIFile.bytes(of: ScoreGenerator.score(seed: 1)), to: "a.mid")
    tokens = try folder.write(Array("771 60 287 188".utf8), to: "a.tokens")
  }

  private func expectError(_ status: Int32, _ arguments: [String], says text: String) throws {
    let result = try CommandLineProgram.run("aurl", arguments)
    #expect(result.status == status, "\(arguments)")
    #expect(result.output.isEmpty, "\(arguments)")
    #expect(result.errors.hasPrefix("Error: "), "\(arguments): \(result.errors)")
    #expect(result.errors.contains(text), "\(arguments): \(result.errors)")
    if status != 64 { #expect(result.errors.split(separator: "\n").count == 1, "\(arguments): \(result.errors)") }
  }

  @Test func usageIs64() throws {
    try expectError(64, ["encode"], says: "Missing expected argument")
    try expectError(64, ["encode", midi, "--format", "xml"], says: "xml")
    try expectError(64, ["encode", midi, "--channel", "17"], says: "1…16")
    try expectError(64, ["encode", midi, "--track", "9"], says: "there is no track 9")
    try expectError(64, ["encode", midi, midi], says: "-o DIR")
    try expectError(64, ["encode", midi, "--sequence", "2"], says: "there is no sequence 2")
    try expectError(64, ["decode", tokens, "--tempo", "5"], says: "10…1000")
    try expectError(64, ["nonsense"], says: "nonsense")
    try expectError(64, ["help", "rendre"], says: "there is no command \"aurl rendre\"; did you mean \"aurl render\"?")
    // Unknown options are reported before missing files.
    try expectError(64, ["encode", "--fromat", "ids"], says: "did you mean \"--format\"?")
    try expectError(64, ["generate", "--seconds", "-3"], says: "--seconds takes 1/64 to 36000 seconds, not -3.0")
    try expectError(64, ["decode", tokens, "--program", "-1"], says: "0…127")
    try expectError(64, ["render", midi, "--start", "1:30"], says: "--start 90.0 is not before the end")
    try expectError(64, ["render", midi, "--start", "1:02:03.5"], says: "--start 3723.5 is not before the end")
    try expectError(64, ["render", midi, "--start", "1:75"], says: "seconds, or minutes and seconds such as 1:30")
  }

  /// All options that take a time accept seconds, or minutes and seconds.
  @Test(arguments: ["0:01", "1", "1.0", "0:00:01"]) func timesAreReadAlike(time: String) throws {
    try SyntheticModel().write(to: folder.path("tiny.safetensors"))
    let model = ["--model", folder.path("tiny.safetensors")]
    let take = try CommandLineProgram.run(
      "aurl", ["generate", "--seconds", time, "--seed", "1", "--json", "-o", folder.path("take.mid")] + model)
    #expect(take.status == 0 && take.text.contains("\"seconds\":1"), "\(take.errors) \(take.text)")
  }

  /// The help of every command begins with examples, on lines that the parser does not wrap.
  @Test func helpBeginsWithExamples() throws {
    let dump = try CommandLineProgram.aurl("--experimental-dump-help").output
    let root = try #require((JSONSerialization.jsonObject(with: dump) as? [String: Any])?["command"] as? [String: Any])
    var commands = [root]
    while let command = commands.popLast() {
      let name = command["commandName"] as? String ?? ""
      guard name != "help" else { continue }
      commands += command["subcommands"] as? [[String: Any]] ?? []
      let text = command["discussion"] as? String ?? ""
      #expect(text.hasPrefix("EXAMPLES:\n"), "\(name)")
      let examples = text.components(separatedBy: "\n\n")[0].components(separatedBy: "\n").dropFirst()
      #expect(examples.allSatisfy { $0.count <= 80 }, "\(examples)")
      #expect(examples.count.isMultiple(of: 2) && !examples.isEmpty, "\(name)")
    }
  }

  @Test func malformedInputIs65() throws {
    let html = try folder.write(Array("<!DOCTYPE html><html>".utf8), to: "page.mid")
    try expectError(65, ["encode", html], says: "page.mid: not a MIDI file but a web page (HTML)")
    let empty = try folder.write([], to: "empty.mid")
    try expectError(65, ["encode", empty], says: "the file is empty")
    try expectError(65, ["inspect", empty], says: "the file is empty")
    try expectError(65, ["decode", midi], says: "aurl encode")
    let bad = try folder.write(Array("771 60 774".utf8), to: "bad.tokens")
    try expectError(65, ["decode", bad], says: "bad.tokens: token 2 is 774")
    let orphan = try folder.write(Array("771 188".utf8), to: "orphan.tokens")
    try expectError(65, ["decode", orphan, "--strict"], says: "at token 1")
  }

  @Test(arguments: [
    ("<!DOCTYPE html><html><body>404", "a web page (HTML)"), ("<?xml?><plist>", "XML or HTML text"),
    ("{\"message\": \"Not Found\"}", "JSON text"), ("TVRoZAAAAAYAAAABAeBNVHJr\n", "Base64 text of a MIDI file"),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a Git LFS pointer"),
    ("FORM\0\0\0\u{E}XDIRINFO", "an XMI file (Miles Sound System)"), ("MUS\u{1A}\0\0", "a MUS file (DMX, as in Doom)"),
    ("HMIMIDIP\0\0", "an HMP file (Human Machine Interfaces)"), ("SMF2CLIP\0\u{10}", "a MIDI clip file of MIDI 2.0"),
  ])
  func everyCommandSaysWhatAFileIs(text: String, kind: String) throws {
    let path = try folder.write(Array(text.utf8), to: "song.mid")
    try expectError(65, ["encode", path], says: "song.mid: not a MIDI file but \(kind)")
    for command in [["inspect"], ["analyze"], ["decode"], ["render", "-o", folder.path("a.wav")], ["play"]] {
      try expectError(65, command + [path], says: "song.mid: neither a MIDI nor a token file: \(kind)")
    }
  }

  @Test func contradictionsAndUnknownCommandsAreUsage() throws {
    try expectError(
      64, ["encode", midi, "--format", "npy", "-o", folder.path("a.json")],
      says: "the extension says json, but --format says npy")
    try expectError(
      64, ["encode", midi, "-o", folder.path("b.mid")], says: "the extension says MIDI, but the result is tokens")
    try expectError(
      64, ["decode", tokens, "-o", folder.path("a.wav")], says: "the extension says wav, but the result is MIDI")
    try expectError(64, ["decode", tokens, "-o", folder.path("a.npy")], says: "the extension says tokens (npy)")
    try expectError(64, ["encode", midi, "-o", folder.path("a.html")], says: "a page, but the result is tokens")
    try expectError(
      64, ["analyze", midi, "--html", folder.path("a.json")], says: "tokens (json), but the result is a page")
    try expectError(64, ["analyze", midi, "--html", folder.path("a.csv")], says: "a table, but the result is a page")
    try expectError(64, ["analyze", midi, "--lab", folder.path("chords.mid")], says: "MIDI, but the result is chords")
    try expectError(
      64, ["live", "--player", midi, "--offline", "--record", folder.path("a.wav")], says: "wav, but the result is MIDI"
    )
    for (name, command) in [("a.mp3", "aurl render"), ("a.mxl", "aurl notate")] {
      let path = folder.path(name)
      try expectError(64, ["encode", midi, "-o", path], says: "but the result is tokens; `\(command)` makes")
      try expectError(64, ["decode", tokens, "-o", path], says: "but the result is MIDI; `\(command)` makes")
      try expectError(64, ["record", "-o", path], says: "but the result is MIDI; `\(command)` makes")
    }
    try expectError(64, ["play", midi, "--loop", "0:20-0:10"], says: "the second time must be later than the first")
    try expectError(64, ["rendr", midi], says: "there is no command \"aurl rendr\"; did you mean \"aurl render\"?")
    try expectError(64, ["help", "foo"], says: "there is no command \"aurl foo\"; see aurl --help")
    try expectError(64, ["corpus", "biuld"], says: "did you mean \"aurl corpus build\"?")
    #expect(try CommandLineProgram.aurl("help", "corpus", "build").status == 0)
  }

  @Test func missingInputIs66() throws {
    try expectError(66, ["encode", folder.path("none.mid")], says: "no such file or directory")
    try expectError(66, ["decode", folder.path("none.tokens")], says: "no such file")
    try FileManager.default.createDirectory(atPath: folder.path("hollow"), withIntermediateDirectories: false)
    try expectError(66, ["encode", folder.path("hollow"), "-o", folder.path("out")], says: "no MIDI files")
  }

  @Test func outputThatCannotBeMadeIs73AndAFullDiskIs74() throws {
    try expectError(73, ["encode", midi, "-o", folder.path("no/such/folder/a.tokens")], says: "cannot be created")
    try expectError(74, ["encode", midi, "-o", "/dev/full"], says: "no space left")
    try expectError(74, ["decode", tokens, "-o", "/dev/full"], says: "no space left")
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    let bad = try folder.write(Array("771 60 774".utf8), to: "bad.tokens")
    let old = try folder.write(Array("old".utf8), to: "out.mid")
    _ = try CommandLineProgram.aurl("decode", bad, "-o", old)
    #expect(try String(contentsOfFile: old, encoding: .utf8) == "old")
    #expect(folder.files.allSatisfy { !$0.hasPrefix(".") }, "no partial file stays behind")
  }

  @Test func controlCharactersOfAFileNameDoNotReachTheTerminal() throws {
    let result = try CommandLineProgram.aurl("encode", folder.path("a\u{1B}[31m.mid"))
    #expect(result.status == 66 && !result.errors.contains("\u{1B}"))
  }
}
