import Datasets
import Evaluation
import Files
import MusicTokens
import Terminal

extension EvaluationMusic {
  /// Reads a dataset, or all MIDI and token files of a folder.
  ///
  /// - Parameter split: the split of a dataset; a folder is read completely.
  /// - Throws: `Failure` if there is no music.
  static func read(_ path: String, split: Split, options: Evaluate) async throws -> EvaluationMusic {
    guard Folder.exists(path) else { throw Failure(.noInput, path, "there is no such folder") }
    var music = EvaluationMusic(path: path)
    if FileSystem.isThere("\(path)/index.jsonl") {
      let dataset = try CorpusBuilder.open(path)
      music.pieces = dataset.pieces(split).map { piece in dataset.withTokens(of: piece) { Array($0) } }
      guard !music.pieces.isEmpty else {
        throw Failure(.malformedInput, path, "the dataset has no pieces in its part \"\(split.rawValue)\"")
      }
    } else {
      try await music.readFiles(options: options)
    }
    return music
  }

  private mutating func readFiles(options: Evaluate) async throws {
    let inputs = try BatchInput.all([path], of: .midiOrTokens)
    let batch = Batch(
      names: inputs.map(\.name), jobs: options.work.count, verb: "read", isQuiet: options.messages.isQuiet,
      progress: FileProgress(path, isQuiet: options.messages.isQuiet))
    let selection = options.selection
    let tally = try await batch.run { (index) throws(Failure) -> [UInt16] in
      try inputs[index].check()
      let tokens = try selection.music(inputs[index].path).tokens
      guard !tokens.isEmpty else { throw Failure(.malformedInput, inputs[index].path, "no notes") }
      return tokens.map(\.rawValue)
    } deliverResult: {
      pieces.append($0)
    }
    skipped = tally.skipped
    try tally.check("not one of its files has music", of: path)
  }
}
