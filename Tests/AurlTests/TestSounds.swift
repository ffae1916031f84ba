import CSndFile
import Foundation
import MIDIFiles
import MusicCore
import Synthesis
import TestSupport
import Testing

/// Music and soundfonts for the tests of audio output.
enum TestSounds {
  /// The soundfont of this checkout, or else one that is installed on the system.
  static let soundFont: String = {
    let shipped = CommandLineProgram.checkout.appendingPathComponent("soundfonts/aurl.sf2").path
    if FileManager.default.fileExists(atPath: shipped) { return shipped }
    return (try? SoundFontCatalog(dataFolder: nil).choose().path) ?? "/no/soundfont"
  }()

  static func note(_ pitch: UInt8, _ start: Int64, _ end: Int64) -> Note {
    Note(
      onset: Tick(rawValue: start), end: Tick(rawValue: end), pitch: Pitch(masking: pitch),
      velocity: Velocity(masking: 90))
  }

  /// Four notes in 1.2 s at 480 ticks a quarter note, 120 quarters a minute.
  static let piece = Score(
    tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)),
    tracks: [
      Track(notes: [note(60, 0, 240), note(64, 240, 480), note(67, 480, 720), note(72, 720, 1100)], end: 1152)
    ])

  /// Runs `aurl` in a folder, ignoring a soundfont chosen with `AURL_SOUNDFONT`.
  ///
  /// - Parameter shell: a script that runs the program as `"$@"`, or nil to run it directly.
  static func aurl(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:], shell: String? = nil
  ) throws -> CommandLineProgram.Result {
    let environment = ["AURL_SOUNDFONT": ""].merging(environment) { $1 }
    guard let shell else {
      return try CommandLineProgram.run("aurl", arguments, environment: environment, folder: folder.url)
    }
    let program = CommandLineProgram.executable("aurl").path
    return try CommandLineProgram.run(
      "/bin/sh", ["-c", shell, "sh", program] + arguments, environment: environment, folder: folder.url)
  }
}

extension CommandLineProgram.Result {
  /// The JSON objects of standard output, one on each line.
  func jsonObjects() throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }
}

/// A sound file as libsndfile reads it.
struct ReadSound {
  var samples: [Float]
  var frames: Int
  var rate: Int
  var format: Int

  init?(_ path: String) {
    var info = SF_INFO()
    guard let handle = sf_open(path, Int32(SFM_READ), &info) else { return nil }
    defer { sf_close(handle) }
    (frames, rate, format) = (Int(info.frames), Int(info.samplerate), Int(info.format))
    samples = [Float](repeating: 0, count: frames * Int(info.channels))
    sf_read_float(handle, &samples, sf_count_t(samples.count))
  }

  var peak: Float { samples.reduce(0) { max($0, abs($1)) } }
}
