internal import Evaluation
internal import MusicAnalysis
internal import MusicCore
internal import Text

/// The data of the page, encoded as JSON.
struct ComparisonData: Encodable, Sendable {
  var title: String
  var seconds: Double
  /// Takes and real music in random order, so that a reader cannot tell them apart by position.
  var rolls: [Roll]
  var measures: [Measure]
  var judge: JudgeReport
  var diversity: DiversityReport
  var counts: [Int]

  /// The notes of an excerpt.
  struct Roll: Encodable {
    var isTake: Bool
    /// The label, which the page reveals on request.
    var name: String
    /// Four numbers per note: onset and duration in milliseconds, pitch and velocity.
    var notes: [Int]
  }

  /// A measure of coherence: its value in each excerpt that has one, to four digits.
  struct Measure: Encodable {
    var name: Coherence.Measure
    var takes: [Double]
    var real: [Double]
    var distance: CoherenceReport.Distance?
  }

  /// The number of excerpts shown from each side.
  static let shown = 9

  init(title: String, report: ExcerptReport, sets: ExcerptSets, takes: [Excerpt], real: [Excerpt], seed: UInt64) {
    self.title = title
    judge = report.judge
    diversity = report.diversity
    counts = [sets.takes.count, sets.real.count]
    var generator = SplitMix64(seed: seed)
    let chosen = Self.chosen(takes, using: &generator).map { Roll($0, isTake: true) }
    let others = Self.chosen(real, using: &generator).map { Roll($0, isTake: false) }
    rolls = chosen + others
    rolls.shuffle(with: &generator)
    seconds = (takes + real).map(\.music.duration.rawValue).max() ?? 0
    measures = Coherence.Measure.allCases.map { measure in
      func values(_ set: [ExcerptAnalysis]) -> [Double] {
        set.compactMap { $0.coherence[measure] }.map { rounded($0, places: 4) }
      }
      return Measure(
        name: measure, takes: values(sets.takes), real: values(sets.real),
        distance: report.coherence.distance[measure])
    }
  }

  /// Random excerpts, from different pieces as far as possible.
  private static func chosen(_ excerpts: [Excerpt], using generator: inout SplitMix64) -> [Excerpt] {
    var shuffled = excerpts
    shuffled.shuffle(with: &generator)
    var pieces: Set<Int> = []
    let (first, rest) = shuffled.reduce(into: ([Excerpt](), [Excerpt]())) { sides, excerpt in
      if pieces.insert(excerpt.piece).inserted { sides.0.append(excerpt) } else { sides.1.append(excerpt) }
    }
    return Array((first + rest).prefix(shown))
  }
}

extension ComparisonData.Roll {
  init(_ excerpt: Excerpt, isTake: Bool) {
    self.isTake = isTake
    name = isTake ? "Take \(excerpt.piece + 1)" : "Real music, piece \(excerpt.piece + 1)"
    notes = excerpt.music.notes.flatMap { note in
      [
        Int(note.onset.milliseconds.rounded()), Int(note.duration.milliseconds.rounded()), Int(note.pitch.rawValue),
        Int(note.velocity.rawValue),
      ]
    }
  }
}
