import Datasets
import Foundation
import MIDIFiles
import MusicTokens
import TestSupport

/// A dataset built from the project's corpus, removed with this object.
final class TrainingData: Sendable {
  let folder: TemporaryFolder
  let dataset: Dataset

  /// Builds a dataset from the first pieces of the corpus, every fourth of which is held out.
  ///
  /// - Parameter isSilent: Whether the training pieces consist only of time shifts.
  init(pieces count: Int = 8, isSilent: Bool = false) throws {
    folder = try TemporaryFolder()
    let corpus = CommandLineProgram.checkout.appendingPathComponent("corpus")
    let files = try FileManager.default.contentsOfDirectory(atPath: corpus.path).filter { $0.hasSuffix(".mid") }
      .sorted()
    let writer = try DatasetWriter(path: folder.path("data"), settings: "test")
    for (number, file) in files.prefix(count).enumerated() {
      let bytes = try Data(contentsOf: corpus.appendingPathComponent(file))
      let split: Split = number % 4 == 3 ? .valid : .train
      let tokens =
        try isSilent && split == .train
        ? [300] : TokenEncoder().encode(MIDIFile(bytes: Array(bytes)).score).map(\.rawValue)
      let piece = Piece(split: split, path: file, group: file, notes: tokens.count { $0 < 128 }, seconds: 1)
      try writer.append(tokens, as: DatasetWriter.Record(input: file, size: 1, modified: 1, piece: piece))
    }
    try writer.finish()
    dataset = try Dataset(path: folder.path("data"))
  }

  /// The cost of held-out tokens, in nats a token, under a unigram model of the training tokens with Laplace smoothing.
  var unigramCost: Double {
    var counts = Array(repeating: 1.0, count: Int(Token.count))
    for piece in dataset.pieces(.train) {
      dataset.withTokens(of: piece) { for token in $0 { counts[Int(token)] += 1 } }
    }
    let sum = counts.reduce(0, +)
    let costs = dataset.pieces(.valid).flatMap { piece in
      dataset.withTokens(of: piece) { $0.map { -log(counts[Int($0)] / sum) } }
    }
    return costs.reduce(0, +) / Double(costs.count)
  }
}
