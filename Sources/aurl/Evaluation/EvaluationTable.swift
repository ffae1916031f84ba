import Evaluation
import Files
import ModelFormat
import Terminal
import Text

/// An evaluation as a text table. Measures that could not be computed give the reason.
struct EvaluationTable {
  let document: EvaluationDocument
  let style: TextStyle

  init(_ document: EvaluationDocument, style: TextStyle) {
    self.document = document
    self.style = style
  }

  var text: String {
    let sections = [
      heading, likelihood, reconstruction, latents, grammar, coherence, judge, diversity, likeness, takes, memorization,
    ]
    return sections.flatMap(\.self).joined(separator: "\n")
  }

  private var heading: [String] {
    let music = document.music
    var windows = ""
    if let measured = music.windows, let all = music.windowsOfAll {
      windows = measured < all ? "\(measured) of \(all) windows, " : "\(all) windows, "
    }
    return [
      style.bold(printable(document.model?.file ?? document.settings.takesFrom ?? "")),
      style.dim(
        "  \(music.folder): \(music.pieces.counted("piece")), \(windows)\(music.tokens.counted("token")), "
          + "\(music.notes.counted("note")), \(decimal(music.seconds / 3600, 2)) h"),
    ]
  }

  private var likelihood: [String] {
    guard document.model != nil else { return [] }
    let names: [(EvaluationDocument.Predictor, String, String)] = [
      (.importanceWeighted, "importance-weighted", ""), (.elbo, "evidence lower bound", ""), (.exact, "likelihood", ""),
      (.uniform, "uniform", ""), (.unigram, "unigram", "needs --training"),
      (.kneserNey5, "Kneser-Ney 5-gram", "needs --training"), (.decoderOnly, "decoder only", "needs --decoder-only"),
    ]
    return [header("prediction", ["nats/token", "nats/note", "bits/s"], width: 22)]
      + names.compactMap { predictor, name, lack in
        guard let report = document.likelihood[predictor] else { return lack.isEmpty ? nil : absent(name, lack) }
        let cells = [
          estimate(report.natsPerToken, 3), estimate(report.natsPerNote, 2), estimate(report.bitsPerSecond, 1),
        ]
        return row(name, cells, width: 22)
      }
  }

  private var reconstruction: [String] {
    guard document.model != nil else { return [] }
    let title = header("reconstruction", ["token accuracy", "onset F1"], width: 22)
    guard let report = document.reconstruction else { return [title, absent("greedy", "the model has no latents")] }
    func cells(_ report: ReconstructionReport) -> [String] {
      [percent(report.tokenAccuracy), percent(report.onsetF1)]
    }
    let chance = document.reconstructionByChance.map { row("by chance", cells($0), width: 22) }
    return [title, row("greedy", cells(report), width: 22), chance ?? absent("by chance", "needs a second window")]
  }

  private var latents: [String] {
    guard document.model != nil else { return [] }
    let title = header("latents", ["KL, nats/token", "nats/window", "active units", "beyond the prior"], width: 22)
    guard let report = document.latents else { return [title, absent("all levels", "the model has no latents")] }
    let levels = report.levels.map { level in
      let cells = [
        estimate(level.natsPerToken, 3), level.natsPerWindow.map { decimal($0, 1) } ?? "–",
        "\(level.activeUnits) of \(level.dimensions)", "\(level.unitsBeyondPrior)",
      ]
      return row(level.level.rawValue, cells, width: 22)
    }
    let costs = [
      header("cost of other latents", ["nats/token"], width: 22),
      report.shuffleCost.map { row("those of other music", [estimate($0, 3)], width: 22) }
        ?? absent("those of other music", "needs a second window"),
      row("zero", [estimate(report.zeroCost, 3)], width: 22),
    ]
    let prior = [
      header("posterior and prior", ["classifier's AUC"], width: 22),
      report.priorArea.map { row("all levels", [estimate($0, 3)], width: 22) }
        ?? absent("all levels", "needs more pieces"),
    ]
    return [title] + levels + costs + prior
  }

  // MARK: Rows

  func header(_ title: String, _ columns: [String], width: Int = 12) -> String {
    style.dim(title.padded(to: 24) + columns.map { $0.leftPadded(to: width) }.joined())
  }

  func row(_ name: String, _ cells: [String], width: Int = 12) -> String {
    "  " + name.padded(to: 22) + cells.map { $0.leftPadded(to: width) }.joined()
  }

  func absent(_ name: String, _ reason: String) -> String { "  \(name.padded(to: 22))– \(reason)" }

  // MARK: Numbers

  func estimate(_ estimate: Estimate?, _ places: Int) -> String {
    guard let estimate else { return "–" }
    return "\(decimal(estimate.value, places)) (\(decimal(estimate.low, places))–\(decimal(estimate.high, places)))"
  }

  func percent(_ estimate: Estimate?, _ places: Int = 1) -> String {
    guard let estimate else { return "–" }
    let (low, high) = (decimal(100 * estimate.low, places), decimal(100 * estimate.high, places))
    return "\(decimal(100 * estimate.value, places)) % (\(low)–\(high))"
  }
}
