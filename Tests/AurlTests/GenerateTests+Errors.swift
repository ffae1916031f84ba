import Foundation
import MIDIFiles
import ModelFormat
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Invalid requests, and their messages.
extension GenerateTests {
  static let errors: [([String], Int32, String)] = [
    (["-o", "x.mp3"], 64, "x.mp3: the extension says mp3, but the result is MIDI or tokens"),
    (["-o", "x.song"], 64, "x.song: the extension names no format"),
    (["-o", "x.mid", "--temperature", "101"], 64, "--temperature takes"),
    (["-o", "x.mid", "--top-p", "0"], 64, "--top-p takes"), (["-o", "x.mid", "--top-k", "0"], 64, "--top-k takes"),
    (["-o", "x.mid", "--min-p", "2"], 64, "--min-p takes"), (["-o", "x.mid", "--seconds", "0"], 64, "--seconds takes"),
    (["-o", "x.mid", "--seconds", "nan"], 64, "a time is seconds"),
    (["-o", "x.mid", "--seconds", "0.01"], 64, "--seconds takes 1/64 to 36000"),
    (["-o", "x.mid", "--steadiness", "2"], 64, "--steadiness takes 0 to 1"),
    (["-o", "x.mid", "--form", "A"], 64, "--form takes 2 to 32 letters such as ABA, not \"A\""),
    (["-o", "x.mid", "--form", "A1"], 64, "--form takes 2 to 32 letters"),
    (["-o", "x.mid", "--form", "ABA", "--seconds", "11"], 64, "--form ABA needs 4 s for each section, --seconds 12"),
    (["-o", "x.mid", "--longest-note", "0.01"], 64, "--longest-note takes 1/64 to 36000"),
    (["-o", "x.mid", "--longest-note", "inf"], 64, "a time is seconds"),
    (["-o", "x.mid", "--key", "H major"], 64, "--key \"H major\""),
    (["-o", "x.mid", "--range", "C6-C3"], 64, "C6-C3"), (["-o", "x.mid", "--range", "5"], 64, "range"),
    (["-o", "x.mid", "--key", "C major", "--range", "C#4-C#4"], 64, "--key and --range leave no pitch"),
    (["-o", "x.mid", "--max-polyphony", "0"], 64, "--max-polyphony takes"),
    (["-o", "x.mid", "--prompt", "a.mid", "--like", "a.mid"], 64, "exclude each other"),
    (["-o", "x.mid", "--between", "a.mid"], 64, "--between takes two"),
    (["-o", "x", "--between", "a.mid", "b.mid", "--count", "2"], 64, "exclude each other"),
    (["-o", "x.mid", "--level", "local"], 64, "--level goes with --vary"),
    (["-o", "x.mid", "--likeness", "1"], 64, "--likeness goes with --like or --vary"),
    (["-o", "x.mid", "--like", "a.mid", "--likeness", "3"], 64, "--likeness takes 0 to 2"),
    (["-o", "x.mid", "--steps", "3"], 64, "--steps goes with"),
    (["-o", "x.mid", "--count", "2", "--play", "0:0"], 64, "--play takes one"),
    (["--json"], 64, "--json needs standard output"), (["--count", "2"], 64, "several takes need"),
    (["-o", "-", "--render", "-"], 64, "only one to standard output"),
    (["-o", "x.mid", "--prompt", "none.mid"], 66, "none.mid: cannot be opened"),
    (["-o", "x.mid", "--prompt", "empty.mid"], 65, "empty.mid: holds no notes"),
    (["-o", "x.mid", "--prompt", "a.mid", "--prompt-seconds", "0.001"], 65, "a.mid: holds no notes before that"),
    (["-o", "x.mid", "--like", "tiny.safetensors"], 65, "tiny.safetensors: "),
    (["-o", "x.mid", "--model", "none.safetensors"], 69, "none.safetensors: the model cannot be opened: no such file"),
    (["-o", "x.mid", "--model", "a.mid"], 65, "a.mid: "), (["-o", "x.mid", "--model", "."], 74, ".: cannot be read"),
    (["-o", "a.mid/x.mid", "--seconds", "1"], 73, "a.mid: cannot be created"),
    (["-o", "/dev/full", "--seconds", "1"], 64, "/dev/full: the extension"),
  ]

  @Test(arguments: errors.indices)
  func errorsAreOneLine(index: Int) throws {
    let (arguments, status, message) = Self.errors[index]
    let silence = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)), tracks: [Track()])
    _ = try folder.write(MIDIFile.bytes(of: silence), to: "empty.mid")
    let before = folder.files
    let run = try CommandLineProgram.run(
      "aurl", ["generate"] + arguments, environment: ["AURL_MODEL": model], folder: folder.url)
    #expect(run.status == status, "\(arguments): \(run.errors)")
    #expect(run.errors.contains(message), "\(arguments): \(run.errors)")
    #expect(run.errors.hasPrefix("Error: ") && run.output.isEmpty)
    if status != 64 { #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)") }
    #expect(folder.files == before)
  }

  /// Weights that are finite but so large that what is computed from them overflows.
  @Test func aModelThatComputesNoNumbersIsDamaged() throws {
    var damaged = SyntheticModel()
    damaged.tensors["embedding.weight"] = damaged.tensors["embedding.weight"]?.map { $0 < 0 ? -1e38 : 1e38 }
    try damaged.write(to: folder.path("damaged.safetensors"))
    let before = folder.files
    let run = try generate("-o", "x.mid", "--model", "damaged.safetensors")
    #expect(run.status == 65 && run.errors.hasPrefix("Error: damaged.safetensors: "), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1 && folder.files == before)
  }

  /// A plain language model has no latents that could be taken from music.
  @Test func latentsAreNeeded() throws {
    let plain = folder.path("plain.safetensors")
    try SyntheticModel.plain.write(to: plain)
    let run = try generate("-o", "x.mid", "--like", "a.mid", "--model", plain)
    #expect(run.status == 64 && run.errors == "Error: --like: this model has no latents\n")
    #expect(try generate("-o", "x.mid", "--prompt", "a.mid", "--seconds", "3", "--model", plain).status == 0)
  }
}
