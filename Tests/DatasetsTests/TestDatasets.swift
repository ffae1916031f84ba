import Datasets
import MusicFeatures
import MusicTokens
import TestSupport

/// A dataset of generated pieces, removed with this object.
final class TestDataset: Sendable {
  let folder: TemporaryFolder
  let dataset: Dataset

  /// - Parameter scores: seeds of generated scores; every fourth piece is held out.
  init(seeds: Range<UInt64>, shardLength: Int = 1 << 26) throws {
    folder = try TemporaryFolder()
    try Self.write(seeds, to: folder.path("data"), shardLength: shardLength)
    dataset = try Dataset(path: folder.path("data"))
  }

  /// The tokens of the pieces generated from seeds, without those that have no notes.
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

extension KeyboardState {
  /// The state after the given tokens from the start of a piece.
  init(after tokens: some Sequence<UInt16>) {
    self.init()
    for token in tokens { apply(token) }
  }
}

/// A note of a window, in ticks from the start of the window.
struct WindowNote: Hashable {
  /// Nil if it already sounds when the window begins.
  var onset: Int?
  /// Nil if it still sounds when the window ends.
  var end: Int?
  var pitch: Int
  /// Nil if it starts before the window.
  var level: Int?

  /// The notes of a window: first those that sound when it begins, from low to high, then those that start in it, in
  /// order. Nil if the window breaks a rule of the token stream.
  static func notes(of window: TokenWindow) -> [WindowNote]? {
    var notes = (0..<128).filter(window.start.isSounding).map { WindowNote(pitch: $0) }
    var open = Dictionary(uniqueKeysWithValues: notes.enumerated().map { ($1.pitch, $0) })
    var (tick, level) = (0, window.start.level.map(Int.init))
    var last: UInt16?
    // The last start of the tick; no end comes after it.
    var start: (level: Int, pitch: Int)?
    for token in window.tokens where token != Token.endOfPiece {
      if let last, last >= 768, token >= 128 { return nil }
      switch token {
      case ..<128:
        guard let now = level, open[Int(token)] == nil else { return nil }
        if let start, start >= (now, Int(token)) { return nil }
        start = (now, Int(token))
        open[Int(token)] = notes.count
        notes.append(WindowNote(onset: tick, pitch: Int(token), level: now))
      case ..<256:
        guard start == nil, let index = open.removeValue(forKey: Int(token) - 128) else { return nil }
        if let onset = notes[index].onset, onset >= tick { return nil }
        if let last, (128..<256).contains(last), last >= token { return nil }
        notes[index].end = tick
      case ..<768:
        if let last, (256..<767).contains(last) { return nil }
        tick += Int(token) - 255
        start = nil
      case ..<774:
        guard level != Int(token) - 768 else { return nil }
        level = Int(token) - 768
      default: return nil
      }
      last = token
    }
    return notes
  }
}
