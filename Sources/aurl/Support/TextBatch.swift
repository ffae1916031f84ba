import Terminal
import Text

/// What a command prints for one of several files, and the failure of the file if there is one.
struct FileText: Sendable {
  var text = ""
  var failure: Failure?

  /// The text of a file that could not be processed, as one line of JSON.
  static func json(schema: String, file: String, _ failure: Failure) -> String {
    struct Line: Encodable {
      var schema: String
      var file: String
      var error: String
    }
    return (try? JSONText.line(Line(schema: schema, file: file, error: failure.message))) ?? ""
  }
}

/// Prints a text for each of several files, in their order and as soon as it is known, and a summary: used by `analyze`
/// and `critique` if they are given more than one file. Only texts that wait for their turn are kept.
struct TextBatch {
  var inputs: [BatchInput]
  /// The number of threads.
  var jobs: Int
  /// The participle of the work, such as "analyzed".
  var verb: String
  var isQuiet: Bool

  /// Processes all files.
  func run(_ text: @escaping @Sendable (BatchInput) -> FileText) async throws {
    let inputs = inputs
    let batch = Batch(names: inputs.map(\.name), jobs: jobs, verb: verb, progress: FileProgress(isQuiet: isQuiet))
    let tally = try await batch.run { index in
      text(inputs[index])
    } deliver: { _, result in
      if !result.text.isEmpty { try Output.print(result.text) }
      return result.failure
    }
    if !isQuiet { Message.note(tally.summary) }
    try tally.check()
  }
}
