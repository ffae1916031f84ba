import Datasets
import MusicTokens
import TestSupport

/// A dataset of generated pieces, gone with the value.
final class TestDataset: Sendable {
  let folder: TemporaryFolder
  let dataset: Dataset

  /// - Parameter scores: seeds of generated scores; every fourth piece is held out.
  init(seeds: Range<UInt64>, shardLength: Int = 1 << 26) throws {
    folder = try TemporaryFolder()
    try Self.write(seeds, to: folder.path("data"), shardLength: shardLength)
    dataset = try Dataset(path: folder.path("data"))
  }

  /// The tokens of the pieces that seeds stand for; scores without notes are left out.
  static func pieces(_ seeds: Range<UInt64>) throws -> [[UInt16]] {
    try seeds.map { try TokenEncoder().encode(ScoreGenerator.score(seed: $0)).map(\.rawValue) }.filter { !$0.isEmpty }
  }

  static func write(_ seeds: Range<UInt64>, to path: String, shardLength: Int = 1 << 26) throws {
    let writer = try DatasetWriter(path: path, settings: "test", shardLength: shardLength)
    for (number, tokens) in try pieces(seeds).enumerated().dropFirst(writer.records.count) {
      try writer.append(tokens, as: record(number, tokens))
    }
    try writer.finish()
  }

  static func record(_ number: Int, _ tokens: [UInt16]) -> DatasetWriter.Record {
    let notes = tokens.count { $0 < 128 }
    let piece = Piece(
      split: number % 4 == 3 ? .valid : .train, path: "piece \(number)", group: "\(number)", notes: notes, seconds: 1)
    return DatasetWriter.Record(input: "piece \(number)", size: 2 * tokens.count, modified: number, piece: piece)
  }
}

/// A note of a window, in ticks from the window's first onset.
struct WindowNote: Hashable {
  var onset: Int
  /// Nil where it sounds on at the window's end.
  var end: Int?
  var pitch: Int
  var level: Int

  /// The notes of a window, in the order in which they start; nil where the window breaks a law of the stream.
  static func notes(of window: [UInt16]) -> [WindowNote]? {
    var notes: [WindowNote] = []
    var open: [Int: Int] = [:]
    var tick = 0
    var level: Int?
    for token in window {
      switch token {
      case ..<128:
        guard let level, open[Int(token)] == nil else { return nil }
        open[Int(token)] = notes.count
        notes.append(WindowNote(onset: tick, pitch: Int(token), level: level))
      case ..<256:
        guard let index = open.removeValue(forKey: Int(token) - 128), notes[index].onset < tick else { return nil }
        notes[index].end = tick
      case ..<768: tick += Int(token) - 255
      case ..<774:
        // A change of level changes it.
        guard level != Int(token) - 768 else { return nil }
        level = Int(token) - 768
      default: return nil
      }
    }
    return notes
  }
}
