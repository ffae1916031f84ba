import AnalysisReport
import Inference
import MusicAnalysis
import MusicCore
import MusicTokens
import Terminal

/// Analyzes the files of a command, several at a time.
struct AnalysisBatch: Sendable {
  private let options: Analyze
  /// The reference that the files are compared with, if they are takes.
  private let reference: TakeReading?
  /// The critic whose scores the pages show, if one is asked for.
  private let critic: Critic?

  init(options: Analyze) throws(Failure) {
    self.options = options
    reference = try options.against.map { path throws(Failure) in
      try TakeReading(path, isQuiet: options.messages.isQuiet)
    }
    critic = options.critique ? try options.critic.load() : nil
  }

  func run() async throws {
    guard BatchInput.isNeeded(for: options.files) else { return try runOne(options.files[0]) }
    let inputs = try BatchInput.all(options.files, of: .midiOrTokens)
    try options.outputs.createFolders()
    if let header { try Output.print(header) }
    let files = InputFiles(inputs.map(\.path) + [options.against].compactMap(\.self))
    let batch = TextBatch(
      inputs: inputs, jobs: options.work.count, verb: "analyzed", isQuiet: options.messages.isQuiet)
    try await batch.run { outcome(of: $0, inputs: files) }
  }

  private func runOne(_ path: String) throws {
    try options.outputs.check(InputFiles([path, options.against].compactMap(\.self)))
    let text = try text(of: path, options.outputs)
    if let header { try Output.print(header) }
    if !text.isEmpty { try Output.print(text) }
  }

  private func outcome(of input: BatchInput, inputs: InputFiles) -> FileText {
    var outcome = FileText()
    do throws(Failure) {
      try input.check()
      let outputs = try options.outputs.inFolders(for: input.result)
      try outputs.check(inputs)
      outcome.text = try text(of: input.path, outputs)
      if !options.printing.isJSON, header == nil, !outcome.text.isEmpty { outcome.text += "\n" }
    } catch {
      outcome.failure = error
      if options.printing.isJSON {
        let schema = reference == nil ? AnalysisDocument.schema : TakeDocument.schema
        outcome.text = FileText.json(schema: schema, file: input.name, error)
      }
      if options.csv { outcome.text = AnalysisTable.row(file: input.name, error: error.message) }
    }
    return outcome
  }

  /// The first line of a table.
  private var header: String? { options.csv ? AnalysisTable.header : options.table?.header }

  /// The text to print for a file; writes all other results of it.
  private func text(of path: String, _ outputs: AnalysisFiles) throws(Failure) -> String {
    let score = try Input.score(path, isQuiet: options.messages.isQuiet)
    if let reference { return try takeText(score, Input.name(of: path), reference, outputs) }
    let analysis = Analysis(score, features: options.features.features)
    let document = AnalysisDocument(file: Input.name(of: path), analysis: analysis)
    do {
      try outputs.write(document, score, realism: realism(of: score, document.file))
      if options.printing.isJSON { return String(decoding: try RoundedJSON.bytes(of: document), as: UTF8.self) }
    } catch let failure as Failure { throw failure } catch {
      throw Failure(.software, Input.name(of: path), "the analysis cannot be encoded as JSON: \(error)")
    }
    if options.csv { return AnalysisTable.row(document) }
    if let table = options.table { return table.rows(document, score) }
    return outputs.isEmpty ? AnalysisSummary(document, score: score, style: options.terminal.style).text : ""
  }

  /// The critic's scores; empty without a critic, and for music without tokens.
  private func realism(of score: Score, _ file: String) -> [RealismWindow] {
    guard let critic, let tokens = try? TokenEncoder().encode(score) else { return [] }
    return CritiqueDocument(file: file, tokens: tokens, critic: critic).windows
  }

  /// The text to print for a take compared with its reference.
  private func takeText(_ take: Score, _ file: String, _ reference: TakeReading, _ outputs: AnalysisFiles)
    throws(Failure) -> String
  {
    do { return try reference.text(of: take, file: file, options: options, html: outputs.html) } catch let failure
      as Failure
    {
      throw failure
    } catch {
      throw Failure(.software, file, "the alignment cannot be encoded as JSON: \(error)")
    }
  }
}
