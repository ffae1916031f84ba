internal import Files
internal import Foundation
internal import Inference
internal import ModelFormat
internal import MusicFeatures
internal import Tensors

/// Compares the native engine with libtorch on a trained model and prints a table.
///
///     parity MODEL.safetensors FOLDER     the folder has the MIDI files to compare them on
///
/// Both engines run the weights of the file in single precision; the loss at lower precision is measured separately for
/// the native engine. The exit status is 0 if no limit is exceeded, otherwise 1.
@main
struct ParityCheck {
  private let engines: Engines
  private let music: Music
  private let windows: [TokenWindow]
  /// The model's file in each precision.
  private let files: [ModelWriter.Precision: String]
  private static let streamLength = 2000

  static func main() {
    guard CommandLine.arguments.count == 3 else { fail("usage: parity MODEL.safetensors FOLDER", 64) }
    do {
      // One thread is enough, and is faster than several on a busy machine.
      try Runtime.setThreadCount(1)
      let files = FileManager.default.temporaryDirectory.appendingPathComponent("aurl-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: files) }
      let check = try ParityCheck(model: CommandLine.arguments[1], music: CommandLine.arguments[2], files: files)
      guard try check.printTable() else { fail("the engines differ by more than the limits", 1) }
    } catch { fail("\(error)", 1) }
  }

  private static func fail(_ message: String, _ status: Int32) -> Never {
    writeToStandardError("\(message)\n")
    exit(status)
  }

  private init(model path: String, music: String, files folder: String) throws {
    let file = try ModelFile(path: path)
    var files: [ModelWriter.Precision: String] = [:]
    for precision in ModelWriter.Precision.allCases {
      files[precision] = "\(folder)/\(precision).safetensors"
      try file.write(to: "\(folder)/\(precision).safetensors", precision: precision)
    }
    self.files = files
    engines = try Engines(path: "\(folder)/\(ModelWriter.Precision.single).safetensors")
    self.music = try Music(folder: music)
    windows = self.music.windows(length: file.configuration.window)
  }

  /// - Returns: Whether no limit is exceeded.
  private func printTable() throws -> Bool {
    let tokens = windows.reduce(0) { $0 + $1.tokens.count }
    print(
      "\(windows.count) windows of \(tokens) tokens, \(engines.native.instructions) and libtorch \(Runtime.version)\n")
    print(Check.header)
    var holds = true
    for checks in [compareWindows, compareStreams, comparePrecisions] {
      for check in try checks() {
        print(check.row)
        holds = holds && check.holds
      }
    }
    return holds
  }

  private func compareWindows() throws -> [Check] {
    let generator = try Generator(seed: 1)
    var most = WindowDifference()
    for window in windows { most.formUnion(try engines.difference(on: window, using: generator)) }
    return [
      Check("logits of all windows under posterior means", most.logits, limit: 1e-3),
      Check("means and log variances of posteriors", most.latents, limit: 1e-3),
      Check("bound and KL of drawn latents, nats/token", most.bound, limit: 1e-3),
    ]
  }

  /// Compares streams beyond the window: greedy decoding, and real music.
  private func compareStreams() throws -> [Check] {
    let count = Self.streamLength
    let latents = engines.native.prior == nil ? [] : engines.native.encodeAll(windows[0]).map(\.mean)
    let greedy = try engines.greedyDifference(steps: count, latents)
    let stream = try engines.difference(on: music.stream(count), latents)
    return [
      Check("greedy tokens that differ, of \(count)", Double(greedy.disagreements), limit: 0),
      Check("logits of these", greedy.logits, limit: 1e-3),
      Check("logits of a stream of \(count) tokens of music", stream.logits, limit: 1e-3),
    ]
  }

  private func comparePrecisions() throws -> [Check] {
    let nats = engines.native.natsPerToken(windows)
    print("| nats/token of these windows in fp32 | \(nats) | | |")
    return try [ModelWriter.Precision.half, .int8].map { precision in
      let other = try Model(path: files[precision] ?? "").natsPerToken(windows)
      return Check("nats/token in \(precision.rawValue), beside fp32, less 1", abs(other / nats - 1), limit: 0.02)
    }
  }
}
