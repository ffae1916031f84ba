internal import MusicCore

/// A classifier two-sample test (Lopez-Paz & Oquab, ICLR 2017): boosted trees learn to tell two sets of pieces apart on one
/// part of them and are evaluated on the rest.
package enum CrossValidation {
  package static let folds = 5
  /// The number of cross-validations over which scores are averaged, each with other folds.
  package static let repetitions = 3

  /// The cross-validated scores of two sets.
  package struct Verdict: Sendable {
    /// By piece, the log odds that each sample belongs to the second set.
    package var first: [[Double]]
    package var second: [[Double]]
    /// The importance of each feature: its share of the total gain of all trees.
    package var importances: [Double]

    package var area: Double? { Self.area(first, second) }

    /// The area under the ROC curve with an interval over pieces, the scores being fixed; nil if a set is empty.
    package func area(_ bootstrap: Bootstrap) -> Estimate? { bootstrap.estimate(first, second, Self.area) }

    private static func area(_ first: [[Double]], _ second: [[Double]]) -> Double? {
      AreaUnderCurve.value(first.flatMap(\.self), second.flatMap(\.self))
    }
  }

  /// The scores of samples by trees that were not trained on any sample of the same piece; nil if a set has fewer pieces
  /// than there are folds.
  ///
  /// - Parameters:
  ///   - first: the features of each sample of each piece; all samples have equally many features.
  ///   - second: the same for the other set.
  package static func verdict(
    _ first: [[[Double]]], _ second: [[[Double]]], repetitions: Int = repetitions, seed: UInt64
  ) -> Verdict? {
    let sides = [first, second]
    guard sides.allSatisfy({ $0.count >= folds }) else { return nil }
    var scores = sides.map { $0.map { Array(repeating: 0.0, count: $0.count) } }
    var gains: [Double] = []
    for repetition in 0..<repetitions {
      var generator = SplitMix64(keys: seed, UInt64(repetition))
      let folds = sides.map { Self.folds(of: $0.map(\.count), using: &generator) }
      for fold in 0..<Self.folds {
        var (samples, isSecond): ([[Double]], [Bool]) = ([], [])
        for (side, pieces) in sides.enumerated() {
          for (piece, features) in pieces.enumerated() where folds[side][piece] != fold {
            samples += features
            isSecond += features.map { _ in side == 1 }
          }
        }
        let trees = BoostedTrees(samples, isSecond: isSecond, seed: generator.next())
        gains = gains.isEmpty ? trees.gains : zip(gains, trees.gains).map { $0 + $1 }
        for (side, pieces) in sides.enumerated() {
          for (piece, features) in pieces.enumerated() where folds[side][piece] == fold {
            for (index, sample) in features.enumerated() {
              scores[side][piece][index] += trees.score(of: sample) / Double(repetitions)
            }
          }
        }
      }
    }
    let total = gains.reduce(0, +)
    return Verdict(first: scores[0], second: scores[1], importances: gains.map { total > 0 ? $0 / total : 0 })
  }

  /// Assigns each piece to a fold, so that folds have about equally many samples.
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
