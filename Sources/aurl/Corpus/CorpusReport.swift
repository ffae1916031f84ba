import Datasets
import Files
import MusicCore
import Terminal
import Text

/// The statistics of a dataset as text and JSON.
struct CorpusReport {
  var path: String
  var dataset: Dataset
  /// The number of skipped files by reason; empty if unknown.
  var skipped: [String: Int] = [:]

  // MARK: JSON

  /// Schema `aurl-corpus/1`.
  private struct Document: Encodable {
    var schema = "aurl-corpus/1"
    var dataset: String
    var dataHash: String
    var statistics: Statistics
    var skipped: [String: Int]?
  }

  func json() throws -> String {
    try JSONText.line(
      Document(
        dataset: path, dataHash: dataset.dataHash, statistics: Statistics(dataset),
        skipped: skipped.isEmpty ? nil : skipped))
  }

  // MARK: Text

  func summary(style: TextStyle) -> String {
    let statistics = Statistics(dataset)
    var lines = [style.bold(printable(path))]
    let header = ["", "pieces", "works", "notes", "tokens", "hours"].map { $0.leftPadded(to: 10) }.joined()
    lines.append(style.dim(header))
    let parts =
      [("train", statistics.train), ("valid", statistics.valid)] + (statistics.test.map { [("test", $0)] } ?? [])
    for (name, part) in parts {
      let numbers = [
        "\(part.pieces)", "\(part.works)", "\(part.notes)", "\(part.tokens)", decimal(part.seconds / 3600, 2),
      ]
      lines.append("  " + name.padded(to: 8) + numbers.map { $0.leftPadded(to: 10) }.joined())
    }
    func sum(_ values: KeyPath<Statistics.Part, [Int]>) -> [Int] {
      parts.dropFirst().reduce(parts[0].1[keyPath: values]) { zip($0, $1.1[keyPath: values]).map(+) }
    }
    let octaves = stride(from: 0, to: 128, by: 12).map { low in
      (Pitch(masking: UInt8(low)).description, sum(\.pitches)[low..<min(128, low + 12)].reduce(0, +))
    }
    lines += Self.bars("tokens", zip(["NOTE_ON", "NOTE_OFF", "TIME_SHIFT", "VELOCITY_CHANGE"], sum(\.kinds)), style)
    lines += Self.bars("notes by octave, from", octaves.filter { $0.1 > 0 }, style)
    lines += Self.bars("notes by level", zip(DynamicLevel.allCases.map(\.description), sum(\.levels)), style)
    lines += Self.bars("time shifts, in ms", zip(Self.shiftNames, sum(\.shifts)), style)
    if !skipped.isEmpty {
      lines +=
        [style.dim("left out")]
        + skipped.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
          "  \($0.key.padded(to: 16))\("\($0.value)".leftPadded(to: 9))"
        }
    }
    lines.append("\(style.dim("data hash")) \(dataset.dataHash)")
    return lines.joined(separator: "\n")
  }

  /// The longest shift of each group in ms; the last is 8 s.
  private static let shiftNames = (0..<10).map { "≤ \(decimal(15.625 * Double(1 << $0), 0))" }

  private static func bars(
    _ title: String, _ values: some Sequence<(String, Int)>, _ style: TextStyle
  ) -> [String] {
    let values = Array(values)
    let total = max(1, values.reduce(0) { $0 + $1.1 })
    let largest = max(1, values.map(\.1).max() ?? 1)
    return [style.dim(title)]
      + values.map { name, count in
        let bar = String(repeating: "█", count: (30 * count + largest - 1) / largest)
        let share = decimal(100 * Double(count) / Double(total), 1).leftPadded(to: 5)
        return "  \(name.padded(to: 16))\("\(count)".leftPadded(to: 9)) \(share) % \(bar)"
      }
  }
}
