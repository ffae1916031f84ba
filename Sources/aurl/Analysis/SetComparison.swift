import AnalysisReport
import Files
import MusicAnalysis
import MusicCore
import Terminal
import Text

/// Compares the music of two folders.
struct SetComparison: Sendable {
  let options: Analyze

  /// Schema `aurl-comparison/1`.
  struct Report: Encodable {
    var schema = "aurl-comparison/1"
    var first: Folder
    var second: Folder
    var features: [SetDifference<ComparisonFeatures.Name>]

    struct Folder: Encodable {
      var path: String
      /// The number of files that are compared, and of those that cannot be read or have fewer than two notes.
      var files: Int
      var skipped: Int
    }
  }

  func run() async throws {
    let (first, firstFolder) = try await features(of: options.compare[0])
    let (second, secondFolder) = try await features(of: options.compare[1])
    let differences = SetDifference.all(first, second)
    let report = Report(first: firstFolder, second: secondFolder, features: differences)
    if options.printing.isJSON {
      try Output.print(String(decoding: try RoundedJSON.bytes(of: report), as: UTF8.self))
    } else {
      try Output.print(table(report))
    }
  }

  private func features(of path: String) async throws -> ([ComparisonFeatures], Report.Folder) {
    let inputs = try BatchInput.all([path], of: .midiOrTokens)
    var features: [ComparisonFeatures] = []
    let isQuiet = options.messages.isQuiet
    let batch = Batch(
      names: inputs.map(\.name), jobs: options.work.count, verb: "compared",
      progress: FileProgress(path, isQuiet: isQuiet))
    let tally = try await batch.run { (index) throws(Failure) -> ComparisonFeatures in
      try inputs[index].check()
      let score = try Input.score(inputs[index].path, isQuiet: isQuiet)
      guard let features = ComparisonFeatures(score) else {
        throw Failure(.malformedInput, inputs[index].path, "not enough music")
      }
      return features
    } deliverResult: {
      features.append($0)
    }
    try tally.check("none of its files has enough music", of: path)
    return (features, .init(path: path, files: tally.done, skipped: tally.skipped))
  }

  private func table(_ report: Report) -> String {
    let style = options.terminal.style
    var lines = [
      style.bold("1: \(printable(report.first.path)), \(report.first.files.counted("file"))"),
      style.bold("2: \(printable(report.second.path)), \(report.second.files.counted("file"))"),
      style.dim(
        "feature".padded(to: 26)
          + ["mean 1", "mean 2", "within 1", "within 2", "between", "overlap 1", "overlap 2", "KL 1", "KL 2"]
          .map { $0.leftPadded(to: 10) }.joined()),
    ]
    for difference in report.features {
      let (a, b) = (difference.first, difference.second)
      let values = [
        a.mean, b.mean, a.meanDistance, b.meanDistance, difference.meanDistance, a.overlapArea, b.overlapArea,
        a.divergenceNats, b.divergenceNats,
      ]
      let cells = values.map { ($0.map { decimal($0, 3) } ?? "–").leftPadded(to: 10) }
      lines.append(difference.feature.rawValue.padded(to: 26) + cells.joined())
    }
    return lines.joined(separator: "\n")
  }
}
