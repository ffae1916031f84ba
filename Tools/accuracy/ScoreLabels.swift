internal import Files
internal import MusicAnalysis
internal import MusicCore

/// The expert labels of a score, from a tab-separated table; positions are in quarter notes from its start.
///
/// A row has `kind`, `start`, `end`, `value`, `root`, `quality`, `bass`, `label` and `note`. Its kind is `key` (the key
/// of the piece), `localkey`, `chord` (root and bass as pitch classes, the numeral in the column `label`), `cadence`
/// (its kind as value, where its last chord begins) or `measure` (its printed number as value, its time signature as
/// label).
struct ScoreLabels {
  struct Span<Value> {
    var start: Double
    var end: Double
    var value: Value
  }

  struct Chord {
    var root: Int
    /// In the vocabulary of `ChordQuality`, or `other`.
    var quality: String
    var bass: Int
    var numeral: String
  }

  struct Bar {
    var number: String
    var quarters: Double
  }

  private(set) var key: Span<Key>?
  private(set) var localKeys: [Span<Key>] = []
  private(set) var chords: [Span<Chord>] = []
  private(set) var cadences: [(position: Double, kind: String)] = []
  private(set) var bars: [Span<Bar>] = []

  /// The labels in a file, or nil if it has no key.
  init?(path: String) {
    guard let bytes = try? readBytes(ofFile: path) else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count >= 8, let start = Double(cells[1]) else { continue }
      let end = Double(cells[2]) ?? start
      switch cells[0] {
      case "key": key = Key(cells[3]).map { Span(start: start, end: end, value: $0) }
      case "localkey":
        if let key = Key(cells[3]) { localKeys.append(Span(start: start, end: end, value: key)) }
      case "chord":
        guard let root = Int(cells[4]), let bass = Int(cells[6]) else { continue }
        let quality = cells[5] == "hdim" ? ChordQuality.hdim7.rawValue : cells[5]
        let chord = Chord(root: root, quality: quality, bass: bass, numeral: cells[7])
        chords.append(Span(start: start, end: end, value: chord))
      case "cadence": cadences.append((start, cells[3]))
      case "measure":
        let parts = cells[7].split(separator: "/").compactMap { Double($0) }
        let quarters = parts.count == 2 && parts[1] > 0 ? 4 * parts[0] / parts[1] : 4
        bars.append(Span(start: start, end: end, value: Bar(number: cells[3], quarters: quarters)))
      default: break
      }
    }
    if key == nil { return nil }
  }

  /// The middles of all eighth notes of the piece.
  var grid: [Double] { Array(stride(from: 0.25, to: key?.end ?? 0, by: 0.5)) }
}

extension [ScoreLabels.Span<Int>] {
  /// The value at each of some sorted positions; the last of overlapping spans counts.
  func values(at grid: [Double]) -> [Int?] {
    var values = [Int?](repeating: nil, count: grid.count)
    for span in self {
      let first = grid.partitioningIndex { $0 >= span.start - 0.001 }
      let end = grid.partitioningIndex { $0 >= span.end - 0.001 }
      for index in first..<Swift.max(first, end) { values[index] = span.value }
    }
    return values
  }
}
