import Inference
import MIDIFiles
import ModelFormat
import MusicTokens
import Terminal
import Text

/// Scores the files of a command, several at a time.
struct CritiqueBatch: Sendable {
  let options: Critique

  func run() async throws {
    let critic = try options.critic.load()
    guard BatchInput.isNeeded(for: options.files) else {
      return try Output.print(text(of: options.files[0], critic))
    }
    let batch = TextBatch(
      inputs: try BatchInput.all(options.files, of: .midiOrTokens), jobs: options.work.count, verb: "heard",
      isQuiet: options.messages.isQuiet)
    try await batch.run { outcome(of: $0, critic) }
  }

  private func outcome(of input: BatchInput, _ critic: Critic) -> FileText {
    var outcome = FileText()
    do throws(Failure) {
      try input.check()
      outcome.text = try text(of: input.path, critic)
      if !options.printing.isJSON { outcome.text += "\n" }
    } catch {
      outcome.failure = error
      if options.printing.isJSON {
        outcome.text = FileText.json(schema: CritiqueDocument.schema, file: input.name, error)
      }
    }
    return outcome
  }

  private func text(of path: String, _ critic: Critic) throws(Failure) -> String {
    let tokens = try tokens(of: path)
    let document = CritiqueDocument(file: Input.name(of: path), tokens: tokens, critic: critic)
    guard options.printing.isJSON else { return CritiqueSummary(document, style: options.terminal.style).text }
    do { return try JSONText.line(document) } catch {
      throw Failure(.software, Input.name(of: path), "the critique cannot be encoded as JSON: \(error)")
    }
  }

  private func tokens(of path: String) throws(Failure) -> [Token] {
    switch try Input(path: path) {
    case .tokens(let file): return file.tokens
    case .midi(let file):
      if !options.messages.isQuiet { Message.repairs(file.repairs, of: path) }
      do throws(TokenEncodingError) { return try TokenEncoder().encode(file.score) } catch {
        throw Failure(error, path: path)
      }
    }
  }
}
