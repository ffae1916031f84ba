import Evaluation
import ModelFormat

/// What is measured of a model, for people. What cannot be told says why.
struct EvaluationTable {
  private let document: EvaluationDocument
  private let style: TextStyle

  init(_ document: EvaluationDocument, style: TextStyle) {
    self.document = document
    self.style = style
  }

  var text: String {
    let music = document.music
    let part = music.windows < music.windowsOfAll ? "\(music.windows) of \(music.windowsOfAll)" : "\(music.windows)"
    let lines = [
      style.bold(document.model.file),
      style.dim(
        "  \(music.folder): \(music.pieces.counted("piece")), \(part) windows, \(music.tokens) tokens, "
          + "\(music.notes.counted("note")), \(decimal(music.seconds / 3600, 2)) h"),
    ]
    let sections = [likelihood, reconstruction, latents, grammar, likeness, takes, memorisation]
    return (lines + sections.flatMap(\.self)).joined(separator: "\n")
  }

  // MARK: Sections

  private var likelihood: [String] {
    let names: [(EvaluationDocument.Predictor, String, String)] = [
      (.importanceWeighted, "importance-weighted", ""), (.elbo, "evidence lower bound", ""), (.exact, "likelihood", ""),
      (.uniform, "uniform", ""), (.unigram, "unigram", "needs --training"),
      (.kneserNey5, "Kneser-Ney 5-gram", "needs --training"), (.decoderOnly, "decoder only", "needs --decoder-only"),
    ]
    return [header("prediction", ["nats/token", "nats/note", "bits/s"], width: 24)]
      + names.compactMap { predictor, name, lack in
        guard let report = document.likelihood[predictor] else { return lack.isEmpty ? nil : absent(name, lack) }
        return row(
          name,
          [estimate(report.natsPerToken, 3), estimate(report.natsPerNote, 3), estimate(report.bitsPerSecond, 1)],
          width: 24)
      }
  }

  private var reconstruction: [String] {
    guard let report = document.reconstruction else {
      return [header("reconstruction", []), absent("free-running", "the model has no latents")]
    }
    func cells(_ report: ReconstructionReport) -> [String] {
      [percent(report.tokenAccuracy), percent(report.onsetF1)]
    }
    return [header("reconstruction", ["token accuracy", "onset F1"], width: 24), row("free-running", cells(report), width: 24)]
      + [document.reconstructionByChance.map { row("by chance", cells($0), width: 24) }
        ?? absent("by chance", "needs a second window")]
  }

  private var latents: [String] {
    guard let report = document.latents else {
      return [header("latents", []), absent("all figures", "the model has no latents")]
    }
    let levels = report.levels.map { level in
      row(
        level.level.rawValue,
        [
          estimate(level.natsPerToken, 4), level.natsPerWindow.map { decimal($0, 2) } ?? "–",
          "\(level.activeUnits) of \(level.dimensions)", "\(level.unitsBeyondPrior)",
        ], width: 24)
    }
    return [header("latents", ["KL nats/token", "KL nats/window", "active units", "beyond the prior"], width: 24)] + levels
      + [
        report.shuffleCost.map { row("shuffled: cost", [estimate($0, 3)], width: 24) }
          ?? absent("shuffled: cost", "needs a second window"),
        row("zero: cost", [estimate(report.zeroCost, 3)], width: 24),
      ]
  }

  private var grammar: [String] {
    let title = header("grammar, nothing masked", ["of tokens"], width: 24)
    guard let grammar = document.grammar else { return [title, absent("ungrammatical", "needs --takes")] }
    return [
      title, row("ungrammatical", [percent(grammar.ungrammaticalRate, 2)], width: 24),
      row("irregular", [percent(grammar.irregularRate, 2)], width: 24),
    ]
  }

  private var likeness: [String] {
    let columns = ["takes", "training", "halves"]
    let title = header(
      "like held-out music", columns.map { "overlap: \($0)" } + columns.map { "KL: \($0)" }, width: 19)
    guard let areas = document.overlapArea else {
      return [title, absent("all features", document.takes == nil ? "needs --takes" : "needs longer music")]
    }
    let rows = TakeFeatures.Name.allCases.map { name in
      let likeness = [areas[name], document.divergenceNats?[name]]
      let values = likeness.flatMap { [$0?.takes, $0?.training, $0?.halves] }
      return row(name.rawValue, values.map { $0.map { decimal($0, 3) } ?? "–" }, width: 19)
    }
    return [title] + rows + (document.music.training == nil ? [absent("training", "needs --training")] : [])
  }

  private var takes: [String] {
    guard let takes = document.takes else { return [header("takes", []), absent("all figures", "needs --takes")] }
    return [
      header("\(takes.count.counted("take"))", []),
      row("without a note", ["\(takes.silent)"], width: 24),
      row("with a loop", [percent(takes.loopRate)], width: 24),
      row("repairs", ["\(takes.repairs)"], width: 24),
      row("longest silence, s", [quantiles(takes.longestSilence, 1)], width: 24),
      row("notes", [quantiles(takes.notes, 0)], width: 24),
    ]
  }

  private var memorisation: [String] {
    let title = header("longest match, notes", ["median", "95 %", "longest"])
    guard let report = document.memorisation else {
      let lack = document.takes == nil ? "needs --takes" : "needs --training"
      return [title, absent("with training music", lack)]
    }
    return [title] + [("takes", report.samples), ("held-out music", report.heldOut)].map { name, quantiles in
      guard let quantiles else { return absent(name, "needs longer music") }
      return row(name, [quantiles.median, quantiles.percentile95, quantiles.largest].map { decimal($0, 0) })
    }
  }

  // MARK: Cells

  private func header(_ title: String, _ columns: [String], width: Int = 12) -> String {
    style.dim(title.padded(to: 24) + columns.map { $0.leftPadded(to: width) }.joined())
  }

  private func row(_ name: String, _ cells: [String], width: Int = 12) -> String {
    "  " + name.padded(to: 22) + cells.map { $0.leftPadded(to: width) }.joined()
  }

  private func absent(_ name: String, _ reason: String) -> String { "  \(name.padded(to: 22))  – \(reason)" }

  private func estimate(_ estimate: Estimate?, _ places: Int) -> String {
    guard let estimate else { return "–" }
    return "\(decimal(estimate.value, places)) (\(decimal(estimate.low, places))–\(decimal(estimate.high, places)))"
  }

  private func quantiles(_ quantiles: Quantiles?, _ places: Int) -> String {
    guard let quantiles else { return "–" }
    return "median \(decimal(quantiles.median, places)), most \(decimal(quantiles.largest, places))"
  }

  private func percent(_ estimate: Estimate?, _ places: Int = 1) -> String {
    guard let estimate else { return "–" }
    let (low, high) = (decimal(100 * estimate.low, places), decimal(100 * estimate.high, places))
    return "\(decimal(100 * estimate.value, places)) % (\(low)–\(high))"
  }
}
