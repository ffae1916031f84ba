import Foundation
import MIDIFiles
import TestSupport
import Testing

/// Batches with results that cannot be written: lost results are not reported as skipped, and the exit status reflects
/// them.
@Suite struct LostResultTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["in/a.mid", "in/b.mid"] {
      _ = try folder.write(MIDIFile.bytes(of: RandomWalk(1, notes: 0..<40).score), to: name)
    }
    for name in ["tokens/a.tokens", "tokens/b.tokens"] { _ = try folder.write(Array("771 60 287 188".utf8), to: name) }
    try SyntheticModel().write(to: folder.path("tiny.safetensors"))
  }

  /// A command that makes several files in the folder `out`, and their paths.
  struct Command: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var results: [String]
    var testDescription: String { arguments[0] }
  }

  static let commands = [
    Command(arguments: ["encode", "in", "-o", "out"], results: ["out/a.tokens", "out/b.tokens"]),
    Command(arguments: ["encode", "in", "-o", "out", "--json", "-q"], results: ["out/a.tokens", "out/b.tokens"]),
    Command(arguments: ["decode", "tokens", "-o", "out"], results: ["out/a.mid", "out/b.mid"]),
    Command(arguments: ["notate", "in", "-o", "out"], results: ["out/a.musicxml", "out/b.musicxml"]),
    Command(
      arguments: ["analyze", "in", "--html", "out", "--features", "rhythm"], results: ["out/a.html", "out/b.html"]),
    Command(arguments: ["render", "in", "-o", "out"], results: ["out/a.wav", "out/b.wav"]),
    Command(
      arguments: ["generate", "-o", "out", "--count", "2", "--seconds", "1"],
      results: ["out/take-1.mid", "out/take-2.mid"]),
    Command(
      arguments: ["generate", "-o", "takes.mid", "--render", "out", "--count", "2", "--seconds", "1"],
      results: ["out/take-1.wav", "out/take-2.wav"]),
  ]

  private func run(_ command: Command) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(
      "aurl", command.arguments,
      environment: ["AURL_SOUNDFONT": TestSounds.soundFont, "AURL_MODEL": folder.path("tiny.safetensors")],
      folder: folder.url)
  }

  /// Makes a folder with the path of a result, which then cannot be created.
  private func block(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: folder.path(path), withIntermediateDirectories: true)
  }

  @Test(arguments: commands) func someAreLost(command: Command) throws {
    try block(command.results[0])
    let run = try run(command)
    #expect(run.status == 74, "\(run.errors)")
    #expect(run.errors.contains("Error: \(command.results[0]): cannot be created: is a directory\n"), "\(run.errors)")
    #expect(run.errors.contains("Error: 1 of 2 results could not be written\n"), "\(run.errors)")
    #expect(!run.errors.contains(": skipped: "))
    #expect(folder.files.contains(command.results[1]), "the others are written")
    if run.errors.contains(" of 2 files ") {
      #expect(run.errors.contains("1 of 2 files") && run.errors.contains("1 lost"))
    }
    if command.arguments.contains("--json") {
      let summary = try #require(try run.jsonObjects().last?["summary"] as? [String: Int])
      #expect(summary["encoded"] == 1 && summary["lost"] == 1 && summary["skipped"] == 0)
    }
  }

  @Test(arguments: commands) func nothingCanBeCreated(command: Command) throws {
    for result in command.results { try block(result) }
    let run = try run(command)
    #expect(run.status == 73, "\(run.errors)")
    #expect(run.errors.contains("Error: 2 of 2 results could not be written\n"))
  }

  @Test(arguments: commands) func aFullDiskIs74(command: Command) throws {
    try block("out")
    for result in command.results {
      // Of the sound formats only WAV can be written to a device; the results here are WAV.
      try FileManager.default.createSymbolicLink(atPath: folder.path(result), withDestinationPath: "/dev/full")
    }
    let run = try run(command)
    #expect(run.status == 74, "\(run.errors)")
    #expect(run.errors.contains("\(command.results[1]): cannot be written: no space left on device"), "\(run.errors)")
  }

  /// An input that cannot be read does not count as a lost result.
  @Test func skippedAndLostAreCountedApart() throws {
    try block("out/a.tokens")
    _ = try folder.write([], to: "in/empty.mid")
    let run = try run(Command(arguments: ["encode", "in", "missing.mid", "-o", "out"], results: []))
    #expect(run.status == 74)
    #expect(run.errors.contains("1 of 4 files encoded, 2 skipped, 1 lost: "), "\(run.errors)")
    #expect(run.errors.contains("missing.mid: skipped: cannot be opened"))
  }

  @Test func noInputExists() throws {
    let run = try run(Command(arguments: ["encode", "x.mid", "y.mid", "-o", "out"], results: []))
    #expect(run.status == 66 && run.errors.contains("Error: not one of the files could be encoded"), "\(run.errors)")
  }

  // MARK: Inputs

  /// `song.mid` has a hard link and a symbolic link; a result that is any of these would replace the input.
  @Test(arguments: [
    ["encode", "song.mid", "-o", "song.mid"], ["encode", "song.mid", "-o", "hard"],
    ["encode", "song.mid", "-o", "soft"],
    ["encode", "soft", "-o", "song.mid"], ["encode", "hard", "-o", "./song.mid"],
    ["encode", "song.mid", "in", "-o", "linked"], ["encode", "song.mid", "in", "-o", "linked", "--per-track"],
    ["decode", "song.tokens", "-o", "song.tokens"], ["render", "song.mid", "-o", "linked/song.wav"],
    ["render", "song.mid", "in/a.mid", "-o", "linked"], ["render", "song.mid", "-o", "linked/font.wav"],
    ["render", "song.mid", "--stems", "linked"], ["analyze", "song.mid", "--html", "song.mid"],
    ["analyze", "song.mid", "in/a.mid", "--html", "linked"],
    ["generate", "--prompt", "song.mid", "-o", "song.mid", "--seconds", "1"],
    ["generate", "--between", "song.mid", "in/a.mid", "-o", "linked/take.mid", "--steps", "2"],
    ["generate", "-o", "take.mid", "--render", "linked/model.wav", "--seconds", "1"],
  ])
  func noCommandReplacesItsInput(arguments: [String]) throws {
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(3, notes: 0..<30).score), to: "song.mid")
    _ = try folder.write(Data("771 60 287 188".utf8), to: "song.tokens")
    _ = try folder.write(Data(contentsOf: URL(fileURLWithPath: TestSounds.soundFont)), to: "font.sf2")
    let links = """
      ln song.mid hard; ln -s song.mid soft; mkdir linked; cd linked
      for name in song.tokens song.track1.tokens song.wav song.html take-1.mid 01-track.wav; do ln ../song.mid $name; done
      ln -s ../font.sf2 font.wav; ln -s ../tiny.safetensors model.wav
      """
    #expect(try CommandLineProgram.run("/bin/sh", ["-c", links], folder: folder.url).status == 0)
    let contents = try ["song.mid", "song.tokens", "font.sf2", "tiny.safetensors", "linked/song.wav"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.path($0)))
    }
    let run = try CommandLineProgram.run(
      "aurl", arguments, input: contents[0],
      environment: ["AURL_SOUNDFONT": folder.path("font.sf2"), "AURL_MODEL": folder.path("tiny.safetensors")],
      folder: folder.url)
    #expect([73, 74].contains(run.status), "\(run.errors)")
    #expect(run.errors.contains("input") && run.errors.contains("name another file for the result"), "\(run.errors)")
    let after = try ["song.mid", "song.tokens", "font.sf2", "tiny.safetensors", "linked/song.wav"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.path($0)))
    }
    #expect(after == contents)
  }

  @Test func standardInputIsNotReplaced() throws {
    let script = "\"$0\" encode - -o in/a.mid < in/a.mid"
    let program = CommandLineProgram.executable("aurl").path
    let run = try CommandLineProgram.run("/bin/sh", ["-c", script, program], folder: folder.url)
    #expect(run.status == 73 && run.errors.contains("the same file as the input standard input"), "\(run.errors)")
  }
}
