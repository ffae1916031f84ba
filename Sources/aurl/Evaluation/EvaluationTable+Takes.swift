import Evaluation
import Text

/// The measures of takes.
extension EvaluationTable {
  var grammar: [String] {
    guard document.model != nil else { return [] }
    let title = header("nothing masked", ["of tokens"], width: 22)
    guard let grammar = document.grammar else { return [title, absent("ungrammatical", "needs --takes")] }
    return [
      title, row("ungrammatical", [percent(grammar.ungrammaticalRate, 2)], width: 22),
      row("irregular", [percent(grammar.irregularRate, 2)], width: 22),
    ]
  }

  var likeness: [String] {
    let columns = ["takes", "training", "halves"]
    let title = header("likeness", ["overlap area", "KL, nats"], width: 36)
    guard let areas = document.overlapArea else {
      let lack = document.takes.map { $0.count < 2 ? "needs more takes" : "needs longer held-out music" }
      return [title, absent("all features", lack ?? "needs --takes")]
    }
    let rows = TakeFeatures.Name.allCases.map { name in
      let values = [areas[name], document.divergenceNats?[name]].flatMap { [$0?.takes, $0?.training, $0?.halves] }
      return row(name.words, values.map { $0.map { decimal($0, 3) } ?? "–" })
    }
    let lack = document.music.training == nil ? [absent("training", "needs --training")] : []
    return [title, header("", columns + columns)] + rows + lack
  }

  var takes: [String] {
    guard let takes = document.takes else { return [header("takes", []), absent("all figures", "needs --takes")] }
    let title = header(
      "\(takes.count.counted("take")) of \(decimal(document.settings.takeSeconds, 1)) s",
      ["median", "95 %", "most"])
    return [title]
      + [
        ("notes", takes.notes, 0), ("longest silence, s", takes.longestSilence, 1),
      ].map { name, quantiles, places in row(name, cells(quantiles, places)) } + [
        row("with a loop", [percent(takes.loopRate)], width: 22), row("without a note", ["\(takes.silent)"]),
        row("repairs", ["\(takes.repairs)"]),
      ]
  }

  var memorization: [String] {
    let title = header("longest match, notes", ["median", "95 %", "most"])
    guard let report = document.memorization else {
      return [title, absent("with training music", document.takes == nil ? "needs --takes" : "needs --training")]
    }
    return [title]
      + [("takes", report.samples), ("held-out music", report.heldOut)].map { name, quantiles in
        quantiles.map { row(name, cells($0, 0)) } ?? absent(name, "needs longer held-out music")
      }
  }

  private func cells(_ quantiles: Quantiles?, _ places: Int) -> [String] {
    guard let quantiles else { return ["–"] }
    return [quantiles.median, quantiles.percentile95, quantiles.largest].map { decimal($0, places) }
  }
}

extension TakeFeatures.Name {
  fileprivate var words: String {
    switch self {
    case .pitchCount: "pitch count"
    case .pitch: "pitch"
    case .pitchClass: "pitch class"
    case .interval: "interval"
    case .interOnset: "inter-onset interval"
    case .noteLength: "note length"
    case .velocity: "velocity"
    case .polyphony: "polyphony"
    }
  }
}
