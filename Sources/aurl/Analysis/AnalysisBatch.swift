import AnalysisReport
import MusicAnalysis
import MusicCore

/// Analyses the files of a command, several at a time; only texts are kept of them until their turn to be printed.
struct AnalysisBatch: Sendable {
  let options: Analyze

  /// What became of a file.
  private struct Outcome: Sendable {
    var file: String
    var text = ""
    var failure: Failure?
  }

  func run() async throws {
    guard BatchInput.isNeeded(for: options.files) else { return try runOne(options.files[0]) }
    let inputs = try BatchInput.all(options.files, of: .midiOrTokens)
    if let folder = options.html { try Folder.create(folder) }
    if options.csv { try Output.print(AnalysisTable.header) }
    var progress = ProgressLine(isQuiet: options.quiet)
    var skipped = 0
    let batch = self
    try await Parallel.map(inputs.count, jobs: options.jobs ?? Parallel.processorCount) { index in
      batch.outcome(of: inputs[index])
    } deliver: { index, outcome in
      progress.clear()
      if let failure = outcome.failure {
        // A full disk or a closed pipe is no fault of one file.
        if failure.status == .cannotCreate || failure.status == .inputOutput { throw failure }
        skipped += 1
        Message.note("\(outcome.file): skipped: \(failure.message)")
      }
      if !outcome.text.isEmpty { try Output.print(outcome.text) }
      progress.update("\(index + 1) of \(inputs.count) files")
    }
    progress.clear()
    if !options.quiet {
      Message.note("\(inputs.count - skipped) of \(inputs.count) files analysed, \(skipped) skipped")
    }
    if skipped == inputs.count { throw Failure(.malformedInput, nil, "not one of the files could be analysed") }
  }

  private func runOne(_ path: String) throws {
    let text = try text(of: path, page: options.html)
    if options.csv { try Output.print(AnalysisTable.header) }
    if !text.isEmpty { try Output.print(text) }
  }

  private func outcome(of input: BatchInput) -> Outcome {
    var outcome = Outcome(file: Input.name(of: input.path))
    do throws(Failure) {
      let page = options.html.map { "\($0)/\(input.result).html" }
      if let page { try Folder.createParent(of: page) }
      outcome.text = try text(of: input.path, page: page)
      if !options.json, !options.csv, !outcome.text.isEmpty { outcome.text += "\n" }
    } catch {
      outcome.failure = error
      if options.json { outcome.text = Self.failureJSON(outcome.file, error) }
      if options.csv { outcome.text = AnalysisTable.row(file: outcome.file, error: error.message) }
    }
    return outcome
  }

  /// What is printed of a file; its page is written.
  private func text(of path: String, page: String?) throws(Failure) -> String {
    let score = try Input.score(path, isQuiet: options.quiet)
    let analysis = Analysis(score, features: options.features.features)
    let document = AnalysisDocument(file: Input.name(of: path), analysis: analysis)
    do {
      if let page { try Output.write(ReportPage(document, score: score).bytes(), to: page) }
      if options.json { return String(decoding: try RoundedJSON.bytes(of: document), as: UTF8.self) }
    } catch let failure as Failure { throw failure } catch {
      throw Failure(.software, Input.name(of: path), "the analysis is no JSON: \(error)")
    }
    if options.csv { return AnalysisTable.row(document) }
    return page == nil ? AnalysisSummary(document, score: score, style: options.terminal.style).text : ""
  }

  private static func failureJSON(_ file: String, _ failure: Failure) -> String {
    struct Line: Encodable {
      var schema = AnalysisDocument.schema
      var file: String
      var error: String
    }
    return (try? JSONText.line(Line(file: file, error: failure.message))) ?? ""
  }
}
