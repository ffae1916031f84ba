import Alignment
import AnalysisReport
import MusicAnalysis
import MusicCore
import Terminal

/// The reference of `aurl analyze --against`, which takes are compared with.
struct TakeReading: Sendable {
  private let name: String
  private let score: Score
  private let spelling: Spelling

  /// Reads the reference.
  init(_ path: String, isQuiet: Bool) throws(Failure) {
    name = Input.name(of: path)
    score = try Input.score(path, isQuiet: isQuiet)
    guard !score.playedNotes().isEmpty else {
      throw Failure(.malformedInput, name, "it has no notes other than drums to compare a take with")
    }
    spelling = Spelling(Analysis(score, features: [.harmony]).harmony)
  }

  /// The text to print for a take; first writes its page if one is requested.
  func text(of take: Score, file: String, options: Analyze, html: String?) throws -> String {
    let alignment: TakeAlignment
    do throws(TakeAlignment.Failure) { alignment = try TakeAlignment(take, reference: score) } catch {
      switch error {
      case .noNotes: throw Failure(.malformedInput, file, "it has no notes other than drums to compare with \(name)")
      case .tooLong:
        throw Failure(.malformedInput, file, "it and \(name) are too long to be aligned; split them into parts")
      }
    }
    let document = TakeDocument(
      file: file, reference: name, measures: TakeMeasures(alignment, reference: score))
    if let html {
      let analysis = Analysis(take, features: [.rhythm, .harmony, .dynamics])
      let page = ReportPage(
        AnalysisDocument(file: file, analysis: analysis), score: take, take: TakePage(document, alignment))
      try Output.write(page.bytes(), to: html)
    }
    if options.printing.isJSON { return String(decoding: try RoundedJSON.bytes(of: document), as: UTF8.self) }
    return html == nil ? TakeSummary(document, spelling: spelling, style: options.terminal.style).text : ""
  }
}
