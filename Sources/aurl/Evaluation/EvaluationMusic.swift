import Datasets
import Evaluation
import Files
import MusicTokens
import Terminal

/// Music that a model is measured on, or that it learned from: files, or a split of a dataset.
struct EvaluationMusic: Sendable {
  var path: String
  var pieces: [[UInt16]] = []
  /// Files that could not be read or have no notes.
  var skipped = 0

  /// Reads a dataset, or all MIDI and token files of a folder.
  ///
  /// - Parameter split: what is taken of a dataset; of a folder everything is.
  /// - Throws: `Failure` where there is no music.
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
      names: inputs.map(\.name), jobs: options.jobs ?? Environment.processorCount, verb: "read", isQuiet: options.quiet,
      progress: FileProgress(path, isQuiet: options.quiet))
    let selection = options.selection
    let tally = try await batch.run { index in
      Result<[UInt16], Failure> { () throws(Failure) in
        try inputs[index].check()
        let tokens = try selection.music(inputs[index].path)
        guard !tokens.isEmpty else { throw Failure(.malformedInput, inputs[index].path, "no notes") }
        return tokens.map(\.rawValue)
      }
    } deliver: { _, result in
      switch result {
      case .success(let tokens):
        pieces.append(tokens)
        return nil
      case .failure(let failure): return failure
      }
    }
    skipped = tally.skipped
    try tally.check("not one of its files has music", of: path)
  }

  /// All pieces in windows, as models are given them.
  func windows(length: Int) -> [HeldOutWindow] {
    pieces.enumerated().flatMap { number, tokens in
      Windows.consecutive(of: tokens, length: length).map { HeldOutWindow($0, piece: number) }
    }
  }

  var tokens: [[Token]] { pieces.map { $0.compactMap(Token.init(rawValue:)) } }
}
