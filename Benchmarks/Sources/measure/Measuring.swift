import Foundation
import MIDIFiles
import MusicCore

/// The paths of the MIDI files in a folder and its subfolders, sorted.
func midiFiles(in folder: String) throws -> [String] {
  let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
  return names.filter { $0.hasSuffix(".mid") || $0.hasSuffix(".midi") }.sorted().map { "\(folder)/\($0)" }
}

/// Prints the seconds that one pass over the files takes, best of 15, and the sum of what `body` returns.
func report(_ paths: [String], _ body: (String) throws -> Int) {
  let clock = ContinuousClock()
  var best = Double.infinity
  var sum = 0
  for _ in 0..<15 {
    let duration = clock.measure { sum = paths.reduce(0) { $0 + ((try? body($1)) ?? 0) } }
    best = min(best, duration / .seconds(1))
  }
  print(best, sum)
}

func write(_ score: Score, to path: String) throws {
  try Data(MIDIFile.bytes(of: score)).write(to: URL(fileURLWithPath: path))
}
