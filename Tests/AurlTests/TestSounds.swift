import CSndFile
import Foundation
import MIDIFiles
import MusicCore
import Synthesis
import Testing

/// Music and soundfonts for the tests of sound.
enum TestSounds {
  /// The soundfont of this checkout, or one of the system.
  static let soundFont: String = {
    let shipped = URL(fileURLWithPath: #filePath).appending(path: "../../../soundfonts/aurl.sf2").standardized.path
    if FileManager.default.fileExists(atPath: shipped) { return shipped }
    return (try? SoundFontCatalog.standard.choose().path) ?? "/no/soundfont"
  }()

  static func note(_ pitch: UInt8, _ start: Int64, _ end: Int64) -> Note {
    Note(
      onset: Tick(rawValue: start), end: Tick(rawValue: end), pitch: Pitch(clamping: pitch),
      velocity: Velocity(clamping: 90))
  }

  /// Four notes in 1.2 s at 480 ticks a quarter note, 120 quarters a minute.
  static let piece = Score(
    tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)),
    tracks: [
      Track(notes: [note(60, 0, 240), note(64, 240, 480), note(67, 480, 720), note(72, 720, 1100)], end: 1152)
    ])

  static func write(_ score: Score, to path: String) throws {
    try Data(MIDIFile.bytes(of: score)).write(to: URL(fileURLWithPath: path))
  }

  /// Runs `body` with a folder that goes afterwards.
  static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aurl-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// Everything in a folder, hidden files too.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}

/// What libsndfile reads from a file.
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

/// A run of the built program.
struct AurlRun {
  var status: Int32
  var output: Data
  var errors: String

  var text: String { String(decoding: output, as: UTF8.self) }

  func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any])
  }

  /// - Parameter shell: a script of `sh` that runs the program as `"$@"`, or nil to run it directly.
  init(_ arguments: [String], in folder: String, environment: [String: String] = [:], shell: String? = nil) throws {
    let program = try #require(Bundle.main.executableURL).deletingLastPathComponent().appending(path: "aurl").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: shell == nil ? program : "/bin/sh")
    process.arguments = shell.map { ["-c", $0, "sh", program] + arguments } ?? arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if environment["AURL_SOUNDFONT"] == nil { variables["AURL_SOUNDFONT"] = nil }
    process.environment = variables
    let errorFile = "\(NSTemporaryDirectory())/aurl-errors-\(UUID().uuidString)"
    _ = FileManager.default.createFile(atPath: errorFile, contents: nil)
    defer { try? FileManager.default.removeItem(atPath: errorFile) }
    process.standardError = FileHandle(forWritingAtPath: errorFile)
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    status = process.terminationStatus
    errors = try String(contentsOfFile: errorFile, encoding: .utf8)
  }
}
