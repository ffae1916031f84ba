import Glibc
import MusicCore
import Synthesis
import Testing

struct ErrorTests {
  private let piece = score([note(60, 0..<100)])

  @Test func missingSoundFont() {
    #expect(throws: SynthesisError.soundFontMissing(path: "/nowhere/a.sf2", reason: "no such file or directory")) {
      _ = try OfflineRenderer(piece, rate: 48_000, soundFont: "/nowhere/a.sf2")
    }
  }

  /// FluidSynth 2.3.1 can crash if two synthesizers load samples on demand.
  @Test func onlyASingleSynthesizerLoadsSamplesOnDemand() {
    let settings = RenderSettings(soundFont: SoundFont(path: "a.sf2", origin: .named))
    #expect(settings.forJobs(1).synthesizer.loadsSamplesOnDemand)
    #expect(!settings.forJobs(2).synthesizer.loadsSamplesOnDemand)
  }

  /// A file of another kind, a truncated soundfont, and one of the right size without its content.
  @Test(arguments: 0..<3)
  func brokenSoundFont(kind: Int) throws {
    let whole = try readFile(TestSoundFonts.any)
    let bytes: [UInt8] =
      switch kind {
      case 0: Array("MThd and something else".utf8)
      case 1: Array(whole.prefix(100_000))
      default: Array(whole.prefix(40)) + [UInt8](repeating: 0, count: 100_000)
      }
    let path = "/tmp/aurl-test-\(getpid())-\(kind).sf2"
    try writeFile(bytes, path)
    defer { unlink(path) }
    let error = #expect(throws: SynthesisError.self) {
      _ = try Synthesizer(soundFont: path, configuration: .init())
    }
    guard case .soundFontBroken(path, let reason) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
    if kind < 2 { #expect(throws: SynthesisError.self) { try SoundFont(path: path, origin: .named).header() } }
  }

  @Test func nothingToRender() {
    #expect(throws: SynthesisError.noNotes) {
      _ = try OfflineRenderer(score([]), rate: 48_000, soundFont: TestSoundFonts.any)
    }
  }

  @Test func longerThanADay() {
    let endless = score([note(60, 0..<100)], end: Tick(rawValue: 1000 * 3600 * 25))
    #expect(throws: SynthesisError.tooLong(hours: 25)) {
      _ = try OfflineRenderer(endless, rate: 48_000, soundFont: TestSoundFonts.any)
    }
  }
}

func readFile(_ path: String) throws -> [UInt8] {
  let file = try #require(fopen(path, "rb"))
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 20)
  bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
  return bytes
}

func writeFile(_ bytes: [UInt8], _ path: String) throws {
  let file = try #require(fopen(path, "wb"))
  defer { fclose(file) }
  try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
}
