internal import MusicCore

/// A classifier of its own that tells takes from real music, to be asked how well it can: it learns from one part of the
/// pieces and takes and judges the rest.
///
/// Everything about it is fixed: the features, the settings of its trees, the seeds. It is never a teacher: a model that
/// learned from it would be judged by what it was trained to deceive.
public struct Judge: Sendable {
  /// What figures can be compared: those of one version.
  public static let version = 1
  package static let folds = 5
  /// Cross-validations whose scores are averaged, since one division into folds is as good as another.
  package static let repetitions = 3
  public static let seed: UInt64 = 1

  /// What the judge says of two sets.
  package struct Verdict: Sendable {
    /// By piece, the log odds of each excerpt to be of the second set.
    package var first: [[Double]]
    package var second: [[Double]]
    /// The share of each feature in what all trees gained.
    package var importances: [Double]

    package var area: Double? { AreaUnderCurve.value(first.flatMap(\.self), second.flatMap(\.self)) }
  }

  /// The verdict on excerpts by trees that heard nothing of the pieces they are from; nil where a set has fewer pieces than
  /// there are folds.
  package static func verdict(
    _ first: [ExcerptAnalysis], _ second: [ExcerptAnalysis], repetitions: Int = Judge.repetitions
  ) -> Verdict? {
    let sides = [first.byPiece, second.byPiece]
    guard sides.allSatisfy({ $0.count >= folds }) else { return nil }
    var scores = sides.map { $0.map { Array(repeating: 0.0, count: $0.count) } }
    var gains = Array(repeating: 0.0, count: JudgeFeature.allCases.count)
    for repetition in 0..<repetitions {
      var generator = SplitMix64(keys: seed, UInt64(repetition))
      let folds = sides.map { Self.folds(of: $0.map(\.count), using: &generator) }
      for fold in 0..<Self.folds {
        var (samples, isSecond): ([[Double]], [Bool]) = ([], [])
        for (side, pieces) in sides.enumerated() {
          for (piece, excerpts) in pieces.enumerated() where folds[side][piece] != fold {
            samples += excerpts.map(\.features)
            isSecond += excerpts.map { _ in side == 1 }
          }
        }
        let trees = BoostedTrees(samples, isSecond: isSecond, seed: generator.next())
        for (sum, gain) in trees.gains.enumerated() { gains[sum] += gain }
        for (side, pieces) in sides.enumerated() {
          for (piece, excerpts) in pieces.enumerated() where folds[side][piece] == fold {
            for (index, excerpt) in excerpts.enumerated() {
              scores[side][piece][index] += trees.score(of: excerpt.features) / Double(repetitions)
            }
          }
        }
      }
    }
    let total = gains.reduce(0, +)
    return Verdict(first: scores[0], second: scores[1], importances: gains.map { total > 0 ? $0 / total : 0 })
  }

  /// A fold for each piece, such that each has about as many excerpts.
  private static func folds(of counts: [Int], using generator: inout SplitMix64) -> [Int] {
    var order = Array(counts.indices)
    order.shuffle(with: &generator)
    // Long pieces first; the sort is stable.
    order.sort { counts[$0] > counts[$1] }
    var (filled, folds) = (Array(repeating: 0, count: Self.folds), Array(repeating: 0, count: counts.count))
    for piece in order {
      let fold = filled.indices.min { (filled[$0], $0) < (filled[$1], $1) } ?? 0
      filled[fold] += counts[piece]
      folds[piece] = fold
    }
    return folds
  }
}
