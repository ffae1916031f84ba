internal import MIDIFiles
internal import MusicAnalysis
internal import MusicCore
internal import Text

/// Measures keys, chords, numerals, cadences and bar numbers on annotated scores, `harmony/NAME.mid` beside `NAME.tsv`.
///
/// Keys and chords are compared in the middle of every eighth note, cadences within a quarter note and changes of key
/// within four; shares are of all pieces together. The files have a tempo of 120 quarter notes per minute.
struct ScoreAccuracy {
  /// The numbers of right answers and of all answers, by name of the row.
  private(set) var counts: [String: (right: Double, all: Double)] = [:]
  private(set) var names: [String] = []
  private(set) var files = 0
  private var calibration: [String: Calibration] = [:]

  static func rows(folder: String) -> [String] {
    var accuracy = ScoreAccuracy()
    for file in AnnotatedFile.load("\(folder)/harmony") {
      guard let labels = ScoreLabels(path: "\(folder)/harmony/\(file.name).tsv") else { continue }
      accuracy.add(Analysis(file.score, features: [.rhythm, .harmony]), labels)
    }
    return accuracy.rows
  }

  private var rows: [String] {
    let shares = names.map { name in
      let count = counts[name] ?? (0, 0)
      return "| scores, \(name) | \(files) | \(decimal(100 * count.right / max(1e-9, count.all), 1)) % |"
    }
    return shares
      + calibration.sorted { $0.key < $1.key }.map { name, calibration in
        "| scores, expected calibration error of \(name) | \(files) | \(decimal(calibration.error, 3)) |"
      }
  }

  private mutating func add(_ analysis: Analysis, _ labels: ScoreLabels) {
    guard let harmony = analysis.harmony else { return }
    files += 1
    let grid = labels.grid
    count("global key", harmony.key?.name == labels.key?.value)
    let truth = labels.localKeys.map { ScoreLabels.Span(start: $0.start, end: $0.end, value: $0.value.index) }
    let keys = harmony.localKeys.map { span(from: $0.start, to: $0.end, $0.name.key.index) }
    let (trueKeys, foundKeys) = (truth.values(at: grid), keys.values(at: grid))
    let keyIndices = harmony.localKeys.indices.map { index in
      span(from: harmony.localKeys[index].start, to: harmony.localKeys[index].end, index)
    }
    for ((labeled, found), index) in zip(zip(trueKeys, foundKeys), keyIndices.values(at: grid)) {
      guard let labeled else { continue }
      count("local key", labeled == found)
      if let index {
        calibration["keys", default: Calibration()].add(harmony.localKeys[index].confidence, labeled == found)
      }
      if labeled != labels.key?.value.index { count("local key away from home", labeled == found) }
    }
    let (changes, foundChanges) = (Self.changes(truth), Self.changes(keys))
    count("key changes within 4 quarters, F", fMeasure: changes.map(\.start), foundChanges.map(\.start), within: 4)
    for key in 0..<24 {
      count(
        "key changes and new key, F", fMeasure: changes.filter { $0.value == key }.map(\.start),
        foundChanges.filter { $0.value == key }.map(\.start), within: 4)
    }
    addChords(harmony.chords, labels, isKeyRight: zip(trueKeys, foundKeys).map { $0 == $1 })
    addCadences(harmony.cadences, labels)
    if let rhythm = analysis.rhythm { addBars(rhythm, labels) }
  }

  // MARK: Chords

  private mutating func addChords(_ chords: [ChordSpan], _ labels: ScoreLabels, isKeyRight: [Bool]) {
    let grid = labels.grid
    let truth = labels.chords.indices.map {
      ScoreLabels.Span(start: labels.chords[$0].start, end: labels.chords[$0].end, value: $0)
    }
    let found = chords.indices.map { span(from: chords[$0].start, to: chords[$0].end, $0) }
    for (index, (labeled, answer)) in zip(truth.values(at: grid), found.values(at: grid)).enumerated() {
      guard let label = labeled.map({ labels.chords[$0].value }), label.quality != "other" else { continue }
      let chord = answer.map { chords[$0] }
      let root = chord?.root.pitchClass.rawValue == label.root
      let quality = root && chord?.quality.rawValue == label.quality
      let bass = quality && chord?.bass.pitchClass.rawValue == label.bass
      count("chord root", root)
      count("chord root and quality", quality)
      count("chord root, quality and bass", bass)
      if label.numeral.hasPrefix("V(64)") { count("cadential six-four named V", root) }
      count("numeral: key, degree, quality, inversion", isKeyRight[index] && bass)
      if let chord { calibration["chords", default: Calibration()].add(chord.confidence, quality) }
    }
  }

  // MARK: Cadences

  private static let kinds: [(Cadence.Kind, String)] = [
    (.perfectAuthentic, "PAC"), (.imperfectAuthentic, "IAC"), (.half, "HC"), (.deceptive, "DC"), (.plagal, "PC"),
  ]

  /// Evaded cadences count for neither side; pieces without cadences are skipped.
  private mutating func addCadences(_ cadences: [Cadence], _ labels: ScoreLabels) {
    guard !labels.cadences.isEmpty else { return }
    let evaded = labels.cadences.filter { $0.kind == "EC" }.map(\.position)
    let truth = labels.cadences.filter { $0.kind != "EC" }
    let found = cadences.filter { cadence in !evaded.contains { abs($0 - 2 * cadence.time.rawValue) <= 1 } }
    let positions = found.map { 2 * $0.time.rawValue }
    let matched = Self.matches(truth.map(\.position), positions, within: 1)
    count("cadences, any kind, F", fMeasure: truth.map(\.position), positions, within: 1)
    count("cadences, any kind, precision", Double(matched), Double(positions.count))
    count("cadences, any kind, recall", Double(matched), Double(truth.count))
    for (cadence, position) in zip(found, positions) {
      let isRight = truth.contains { abs($0.position - position) <= 1.001 }
      calibration["cadences", default: Calibration()].add(cadence.confidence, isRight)
    }
    for (kind, name) in Self.kinds {
      let (labeled, answers) = (truth.filter { $0.kind == name }.map(\.position), found.filter { $0.kind == kind })
      count("cadences, \(name), F", fMeasure: labeled, answers.map { 2 * $0.time.rawValue }, within: 1)
      count("cadences and kind, F", fMeasure: labeled, answers.map { 2 * $0.time.rawValue }, within: 1)
    }
  }

  // MARK: Bars

  private mutating func addBars(_ rhythm: RhythmAnalysis, _ labels: ScoreLabels) {
    guard let first = labels.bars.first else { return }
    let full = labels.bars.first { abs($0.end - $0.start - $0.value.quarters) < 0.01 } ?? first
    let downbeats = rhythm.downbeatsSeconds.map { 2 * $0.rawValue }
    // A table that counts from 0 has no pickup.
    guard full.value.number != "0" else { return }
    let firstNumber = rhythm.firstBarNumber ?? 1
    let found = downbeats.firstIndex { abs($0 - full.start) < 0.1 }.map { String(firstNumber + $0) }
    count("number of the first full bar", found == full.value.number)
    if first.value.number == "0" { count("number of the first full bar, with pickup", found == full.value.number) }
  }

  // MARK: Counting

  private func span(from start: Seconds, to end: Seconds, _ value: Int) -> ScoreLabels.Span<Int> {
    ScoreLabels.Span(start: 2 * start.rawValue, end: 2 * end.rawValue, value: value)
  }

  private static func changes(_ spans: [ScoreLabels.Span<Int>]) -> [ScoreLabels.Span<Int>] {
    zip(spans, spans.dropFirst()).filter { $0.value != $1.value }.map { $1 }
  }

  private mutating func count(_ name: String, _ isRight: Bool) { count(name, isRight ? 1 : 0, 1) }

  private mutating func count(_ name: String, _ right: Double, _ all: Double) {
    if counts[name] == nil { names.append(name) }
    let sum = counts[name] ?? (0, 0)
    counts[name] = (sum.right + right, sum.all + all)
  }

  private mutating func count(_ name: String, fMeasure truth: [Double], _ found: [Double], within tolerance: Double) {
    count(name, Double(2 * Self.matches(truth, found, within: tolerance)), Double(truth.count + found.count))
  }

  private static func matches(_ truth: [Double], _ found: [Double], within tolerance: Double) -> Int {
    Matching.hits(truth, found, within: tolerance + 0.001).count { $0 }
  }
}

/// The expected calibration error over ten bins: the distance of confidence from accuracy (Guo et al. 2017, "On
/// Calibration of Modern Neural Networks").
struct Calibration {
  private var bins = [(count: Double, confidence: Double, right: Double)](repeating: (0, 0, 0), count: 10)

  mutating func add(_ confidence: Double, _ isRight: Bool) {
    let bin = max(0, min(9, Int(confidence * 10)))
    bins[bin].count += 1
    bins[bin].confidence += confidence
    bins[bin].right += isRight ? 1 : 0
  }

  var error: Double {
    let total = bins.reduce(0) { $0 + $1.count }
    return bins.reduce(0) { $0 + abs($1.confidence - $1.right) } / max(1, total)
  }
}
