import MIDIFiles
import MusicCore
import MusicTokens
import Terminal
import Text

/// Decodes many token files into a folder.
struct BatchDecoding {
  let options: Decode
  let folder: String

  /// What was made of a file.
  private struct Decoded: Encodable, Sendable {
    var file: String
    /// The MIDI file that was written.
    var output: String?
    var notes = 0
    var tokens = 0
    var repairs = 0
    var error: String?
  }

  private struct Summary: Encodable {
    var files = 0
    var decoded = 0
    var skipped = 0
    var lost = 0
    var notes = 0
    var tokens = 0
    var repairs = 0
  }

  func run(_ paths: [String]) async throws {
    let inputs = try BatchInput.all(paths, of: .tokens)
    try Output.createFolder(folder)
    let files = InputFiles(inputs.map(\.path))
    let batch = Batch(
      names: inputs.map(\.name), jobs: options.jobs ?? Environment.processorCount, verb: "decoded",
      progress: FileProgress(isQuiet: options.quiet))
    var summary = Summary(files: inputs.count)
    let decoding = self
    let tally = try await batch.run { index in
      decoding.decode(inputs[index], inputs: files)
    } deliver: { _, outcome in
      let decoded = outcome.decoded
      if outcome.failure == nil {
        summary.notes += decoded.notes
        summary.tokens += decoded.tokens
        summary.repairs += decoded.repairs
      }
      if options.json { try Output.print(JSONText.line(decoded)) }
      return outcome.failure
    }
    (summary.decoded, summary.skipped, summary.lost) = (tally.done, tally.skipped, tally.lost)
    if options.json {
      try Output.print(JSONText.line(["summary": summary]))
    } else if !options.quiet {
      Message.note("\(tally.summary): \(summary.notes) notes, \(summary.tokens) tokens, \(summary.repairs) repairs")
    }
    try tally.check()
  }

  private func decode(_ input: BatchInput, inputs: InputFiles) -> (decoded: Decoded, failure: Failure?) {
    var decoded = Decoded(file: input.name)
    do throws(Failure) {
      try input.check()
      let file = try Input.tokens(input.path)
      let result = try options.decoder.decode(file, path: input.path)
      decoded.notes = result.score.noteCount
      decoded.tokens = file.tokens.count
      decoded.repairs = result.repairs.reduce(0) { $0 + $1.count }
      let path = "\(folder)/\(input.result).mid"
      try Output.createParent(of: path)
      try inputs.check(path)
      try Output.write(Output.midi(result.score, from: input.path), to: path)
      decoded.output = path
    } catch {
      decoded.error = error.losesResult ? "\(error)" : error.message
      return (decoded, error)
    }
    return (decoded, nil)
  }
}
