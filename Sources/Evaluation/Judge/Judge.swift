internal import MusicCore

/// A classifier two-sample test of takes against real music: it is trained on one part of the pieces and takes and
/// evaluated on the rest (cross-validation).
///
/// Features, hyperparameters and seeds are fixed. It must never provide a training signal: a model trained against it
/// would be evaluated by what it was trained to deceive.
public struct Judge: Sendable {
  /// The version of the judge; only figures of the same version are comparable.
  public static let version = 1
  package static let folds = 5
  /// The number of cross-validations over which scores are averaged, each with other folds.
  package static let repetitions = 3
  public static let seed: UInt64 = 1

  /// The cross-validated scores of two sets.
  package struct Verdict: Sendable {
    /// By piece, the log odds that each excerpt belongs to the second set.
    package var first: [[Double]]
    package var second: [[Double]]
    /// The importance of each feature: its share of the total gain of all trees.
    package var importances: [Double]

    package var area: Double? { AreaUnderCurve.value(first.flatMap(\.self), second.flatMap(\.self)) }
  }

  /// The scores of excerpts by trees that were not trained on any excerpt of the same piece; nil if a set has fewer
  /// pieces than there are folds.
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

  /// Assigns each piece to a fold, so that folds have about equally many excerpts.
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
