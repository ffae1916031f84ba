internal import Files
internal import MIDIFiles
internal import MusicAnalysis
internal import MusicCore
internal import Terminal
internal import Text

/// Measures beats and tempo on performances with annotated beats: `beats/NAME.mid` beside
/// `beats/NAME_annotations.txt`, whose lines are a time in seconds, tab, a second time, tab, `b`, `db` or `bR`.
struct RhythmAccuracy {
  private var scores: [String: [Double]] = [:]
  private var calibration = Calibration()
  private var files = 0

  /// The rows of the table, measured on `folder/beats`; none if that folder is missing.
  static func rows(folder: String) -> [String] {
    let beats = folder + "/beats"
    let names = ((try? Folder.names(in: beats)) ?? []).sorted()
    var accuracy = RhythmAccuracy()
    for name in names where name.hasSuffix(".mid") {
      let stem = beats + "/" + name.dropLast(4)
      guard let file = try? MIDIFile(path: stem + ".mid"),
        let annotations = try? readBytes(ofFile: stem + "_annotations.txt")
      else { continue }
      accuracy.add(file.score, annotations: String(decoding: annotations, as: UTF8.self), name: name)
    }
    return accuracy.table
  }

  private mutating func add(_ score: Score, annotations: String, name: String) {
    let lines = annotations.split(separator: "\n").map { $0.split(separator: "\t") }
    let beats = lines.compactMap { Double($0[0]) }
    let downbeats = lines.filter { $0.count > 2 && $0[2].hasPrefix("db") }.compactMap { Double($0[0]) }
    let grid = MetricalGrid(score)
    let estimate = grid?.beatsSeconds.map(\.rawValue) ?? []
    let estimatedDownbeats = grid?.downbeatsSeconds.map(\.rawValue) ?? []
    files += 1
    scores["beats, F at ±70 ms", default: []].append(Self.fMeasure(beats, estimate))
    scores["beats, F at ±70 ms, first 5 s left out", default: []].append(
      Self.fMeasure(beats.filter { $0 >= 5 }, estimate.filter { $0 >= 5 })
    )
    for (confidence, isRight) in zip(grid?.beatConfidences ?? [], Self.hits(beats, estimate)) {
      calibration.add(confidence, isRight)
    }
    scores["downbeats, F at ±70 ms", default: []].append(Self.fMeasure(downbeats, estimatedDownbeats))
    let ratio = (grid?.tempoBPM ?? 0) / Self.tempo(beats)
    scores["tempo within 8 %", default: []].append(abs(ratio - 1) <= 0.08 ? 1 : 0)
    let levels = [1, 2, 0.5, 3, 1.0 / 3]
    scores["tempo within 8 %, or of its half, double, third or triple", default: []].append(
      levels.contains { abs(ratio / $0 - 1) <= 0.08 } ? 1 : 0
    )
    let written = lines.lazy.compactMap { $0.count > 2 ? Self.meter($0[2]) : nil }.first
    if let written {
      let meter = grid?.meter
      scores["meter: beats in a bar", default: []].append(meter?.beatsPerBar == written.beatsPerBar ? 1 : 0)
      scores["meter: compound or not", default: []].append(meter?.isCompound == written.isCompound ? 1 : 0)
    }
    scores["tempo map correctly ignored", default: []].append(grid?.source == .estimated ? 1 : 0)
    if Environment["ACCURACY_VERBOSE"] != nil {
      print(
        name,
        scores["beats, F at ±70 ms"]?.last ?? 0,
        ratio,
        grid?.meter.description ?? "-",
        grid?.reason ?? "-"
      )
    }
  }

  private var table: [String] {
    guard files > 0 else { return [] }
    return scores.keys.sorted().map { task in
      let values = scores[task] ?? []
      let mean = values.reduce(0, +) / Double(values.count)
      return "| \(task) | \(files) | \(decimal(mean, 3)) |"
    } + ["| beats, expected calibration error | \(files) | \(decimal(calibration.error, 3)) |"]
  }

  /// The meter in an annotation such as `db,6/8,-3`.
  private static func meter(_ annotation: Substring) -> Meter? {
    let numbers = annotation.split(separator: ",").first { $0.contains("/") }?.split(separator: "/").compactMap {
      Int($0)
    }
    guard let numbers, numbers.count == 2 else { return nil }
    return Meter(numerator: numbers[0], denominator: numbers[1])
  }

  /// The tempo: 60 s divided by the median time between beats.
  private static func tempo(_ beats: [Double]) -> Double {
    let intervals = zip(beats, beats.dropFirst()).map { $1 - $0 }.sorted()
    return intervals.isEmpty ? 0 : 60 / intervals[intervals.count / 2]
  }

  private static func hits(_ reference: [Double], _ estimate: [Double]) -> [Bool] {
    Matching.hits(reference, estimate, within: 0.07)
  }

  /// The F-measure of the largest matching of beats within 70 ms, as defined by `mir_eval.beat.f_measure`.
  private static func fMeasure(_ reference: [Double], _ estimate: [Double]) -> Double {
    guard !reference.isEmpty, !estimate.isEmpty else { return 0 }
    return 2 * Double(hits(reference, estimate).count { $0 }) / Double(reference.count + estimate.count)
  }
}
