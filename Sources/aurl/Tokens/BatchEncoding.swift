import MIDIFiles
import MusicCore
import MusicTokens
import Terminal
import Text

/// Encodes many files into a folder.
struct BatchEncoding {
  let options: Encode
  let folder: String

  /// What was made of a file.
  private struct Encoded: Encodable, Sendable {
    var file: String
    /// The token files that were written, also those before one that could not be.
    var outputs: [String] = []
    var notes = 0
    var tokens = 0
    var repairs = 0
    var error: String?
  }

  private struct Summary: Encodable {
    var files = 0
    var encoded = 0
    var skipped = 0
    var lost = 0
    var notes = 0
    var tokens = 0
    var repairs = 0
  }

  func run(_ paths: [String]) async throws {
    let inputs = try BatchInput.all(paths, of: .midi)
    try Output.createFolder(folder)
    let files = InputFiles(inputs.map(\.path))
    let batch = Batch(
      names: inputs.map(\.name), jobs: options.work.count, verb: "encoded",
      progress: FileProgress(isQuiet: options.messages.isQuiet))
    var summary = Summary(files: inputs.count)
    let encoding = self
    let tally = try await batch.run { index in
      encoding.encode(inputs[index], inputs: files)
    } deliver: { _, outcome in
      let encoded = outcome.encoded
      if outcome.failure == nil {
        summary.notes += encoded.notes
        summary.tokens += encoded.tokens
        summary.repairs += encoded.repairs
      }
      if options.printing.isJSON { try Output.print(JSONText.line(encoded)) }
      return outcome.failure
    }
    (summary.encoded, summary.skipped, summary.lost) = (tally.done, tally.skipped, tally.lost)
    if options.printing.isJSON {
      try Output.print(JSONText.line(["summary": summary]))
    } else if !options.messages.isQuiet {
      Message.note("\(tally.summary): \(summary.notes) notes, \(summary.tokens) tokens, \(summary.repairs) repairs")
    }
    try tally.check()
  }

  // MARK: Encoding

  private func encode(_ input: BatchInput, inputs: InputFiles) -> (encoded: Encoded, failure: Failure?) {
    var encoded = Encoded(file: input.name)
    do throws(Failure) {
      try input.check()
      let file = try Input.midi(input.path, options: options.selection.reading)
      try options.selection.check(file.score, path: input.path)
      try Output.createParent(of: "\(folder)/\(input.result)")
      encoded.notes = file.score.noteCount
      encoded.repairs = file.repairs.filter(\.kind.isDamage).reduce(0) { $0 + $1.count }
      for (name, tracks) in parts(of: file.score, named: input.result) {
        let tokens = try options.selection.tokens(of: file.score, path: input.path, tracks: tracks)
        encoded.tokens += tokens.count
        let path = "\(folder)/\(name).\(fileExtension)"
        try inputs.check(path)
        let bytes = TokenFile.bytes(of: tokens, from: file.score, path: input.path, format: options.format ?? .ids)
        try Output.write(bytes, to: path)
        encoded.outputs.append(path)
      }
    } catch {
      encoded.error = error.losesResult ? "\(error)" : error.message
      return (encoded, error)
    }
    return (encoded, nil)
  }

  /// The token files a score makes: one, or one for each track with notes.
  private func parts(of score: Score, named name: String) -> [(name: String, tracks: Set<Int>?)] {
    guard options.perTrack else { return [(name, nil)] }
    let selected = options.selection.encoding.tracks
    return score.tracks.indices
      .filter { !score.tracks[$0].notes.isEmpty && selected?.contains($0) ?? true }
      .map { ("\(name).track\($0 + 1)", [$0]) }
  }

  private var fileExtension: String {
    switch options.format ?? .ids {
    case .ids, .names: "tokens"
    case .json: "json"
    case .npy: "npy"
    }
  }
}
