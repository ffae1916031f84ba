import AnalysisReport
import Files
import MusicCore
import Terminal
import Text

/// A critique in a few lines of text.
struct CritiqueSummary {
  let text: String

  /// The maximum number of passages listed.
  private static let mostPassages = 6

  init(_ document: CritiqueDocument, style: TextStyle) {
    var lines = [style.bold(printable(document.file))]
    func add(_ name: String, _ value: String) { lines.append("  \(style.dim(name.padded(to: 12)))\(value)") }
    func percent(_ value: Double?) -> String { value.map { "\(decimal(100 * $0, 0)) %" } ?? "–" }
    let realism = document.realism
    if let combined = realism.combined {
      let scales = [("local", realism.local), ("phrase", realism.phrase), ("global", realism.global)]
      add(
        "realism",
        percent(combined) + " (" + scales.map { "\($0.0) \(percent($0.1))" }.joined(separator: ", ")
          + "); keyboard music against takes of the model")
    } else {
      add("realism", "not enough music to judge")
    }
    for scale in ["global", "phrase", "local"] {
      let windows = document.windows.filter { $0.scale == scale }
      if windows.count > 1 { add(scale, Self.lane(windows.map(\.realism))) }
    }
    let fallen = document.windows.filter { $0.realism < CritiqueDocument.fallenOut }.sorted { $0.realism < $1.realism }
    for window in fallen.prefix(Self.mostPassages).sorted(by: { $0.startSeconds < $1.startSeconds }) {
      let place = "\(Seconds(window.startSeconds).clockText)–\(Seconds(window.endSeconds).clockText)"
      let reasons = window.reasons.isEmpty ? "" : ": \(window.reasons.joined(separator: ", "))"
      add(place, "\(percent(window.realism)), \(window.scale)\(reasons)")
    }
    if fallen.count > Self.mostPassages { add("", "and \((fallen.count - Self.mostPassages).counted("window")) more") }
    text = lines.joined(separator: "\n")
  }

  /// Realism over time, as heights of eight steps; of long pieces the mean of neighbors.
  private static func lane(_ values: [Double]) -> String {
    let steps = Array("▁▂▃▄▅▆▇█")
    let columns = min(values.count, 60)
    return String(
      (0..<columns).map { column in
        let part = values[column * values.count / columns..<(column + 1) * values.count / columns]
        let mean = part.reduce(0, +) / Double(part.count)
        return steps[min(steps.count - 1, Int(mean * Double(steps.count)))]
      })
  }
}
