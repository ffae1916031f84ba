import Foundation
import MIDIFiles
import MusicCore
import TestSupport
import Testing

/// `aurl play` without a sound device or MIDI port.
@Suite struct PlayTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
  }

  @Test(
    arguments: [
      (["--audio", "nonsense"], 69, "no sound device"),
      (["--start", "9"], 64, "--start: song.mid ends at 1."),
      (["--loop", "3-2"], 64, "--loop"), (["--loop", "5-6"], 64, "--loop: song.mid ends at 1."),
      (["--start", "0:01", "--loop", "0-1"], 64, "--start and --loop exclude each other"),
      (["--mute", "Zither"], 64, "song.mid: there is no track \"Zither\"; it has 1 "),
      (["--solo", "1", "--mute", "1"], 64, "--mute and --solo exclude each other"),
      (["--to", "x", "--port"], 64, "--to and --port exclude each other"),
      (["song.mid", "--repeat"], 64, "--loop and --repeat take one file"),
    ] as [([String], Int32, String)])
  func errors(arguments: [String], status: Int32, message: String) throws {
    let run = try TestSounds.aurl(
      ["play", "song.mid"] + arguments, in: folder, environment: ["AURL_SOUNDFONT": TestSounds.soundFont])
    #expect(run.status == status)
    #expect(run.errors.contains(message), "\(run.errors)")
    if status == 69 { #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)") }
  }
}
