import Evaluation
import Text

/// The comparison of takes with real music, excerpt by excerpt.
extension EvaluationTable {
  var coherence: [String] {
    let title = header("coherence, quartiles", ["takes", "real", "distance", "of halves"], width: 22)
    guard let report = document.coherence else { return [title, absent("all measures", excerptLack)] }
    return [title]
      + Coherence.Measure.allCases.map { measure in
        let sides = [report.takes[measure], report.real[measure]].map { spread in
          guard let spread else { return "–" }
          return [spread.lowerQuartile, spread.median, spread.upperQuartile]
            .map { decimal($0.value, 3) }.joined(separator: "  ")
        }
        let distance = report.distance[measure]
        let distances = [distance?.takes, distance?.halves].map { $0.map { decimal($0, 2) } ?? "–" }
        return row(measure.words, sides + distances, width: 22)
      }
  }

  var judge: [String] {
    let title = header("judge, version \(Judge.version)", ["AUC"], width: 22)
    guard let report = document.judge, let takes = report.takes else {
      return [title, absent("takes", document.judge == nil ? excerptLack : "needs five pieces and takes")]
    }
    let sides = [
      row("takes", [estimate(takes, 3)], width: 22),
      document.music.training == nil
        ? absent("training", "needs --training") : row("training", [estimate(report.training, 3)], width: 22),
      row("halves, least and most", [estimate(report.halves, 3)], width: 22),
    ]
    let columns = header("features that differ", ["importance", "takes", "real", "take has more"], width: 14)
    return [title] + sides + [columns]
      + report.features.prefix(8).map { feature in
        let cells = [
          "\(decimal(100 * feature.importance, 0)) %", decimal(feature.takes, 3), decimal(feature.real, 3),
          "\(decimal(100 * feature.area, 0)) %",
        ]
        return row(feature.name.words, cells, width: 14)
      }
  }

  var diversity: [String] {
    let title = header("diversity", ["precision", "recall", "density", "coverage", "distinct"])
    guard let report = document.diversity else { return [title, absent("takes", excerptLack)] }
    let sides = [("takes", report.takes), ("training", report.training), ("halves", report.halves)]
    return [title]
      + sides.map { name, agreement in
        guard let agreement else {
          let lacksTraining = name == "training" && document.music.training == nil
          return absent(name, lacksTraining ? "needs --training" : "needs more takes and pieces")
        }
        let figures = [
          agreement.precision, agreement.recall, agreement.density, agreement.coverage, agreement.distinct,
        ]
        return row(name, figures.map { decimal($0, 2) })
      }
  }

  private var excerptLack: String {
    document.takes.map { $0.count < 2 ? "needs more takes" : "needs longer held-out music" } ?? "needs --takes"
  }
}

extension Coherence.Measure {
  fileprivate var words: String { rawValue.words }
}

extension JudgeFeature {
  fileprivate var words: String { rawValue.words }
}

extension String {
  /// A name such as `repeatedTopNotes` in words.
  fileprivate var words: String {
    reduce(into: "") { $0 += $1.isUppercase ? " \($1.lowercased())" : String($1) }
  }
}
