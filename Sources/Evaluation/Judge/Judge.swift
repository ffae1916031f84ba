/// A classifier two-sample test of takes against real music, by the features of excerpts.
///
/// Features, hyperparameters and seeds are fixed. It must never provide a training signal: a model trained against it
/// would be evaluated by what it was trained to deceive.
public struct Judge: Sendable {
  /// The version of the judge; only figures of the same version are comparable.
  public static let version = 1
  /// The seed of its cross-validation.
  public static let seed: UInt64 = 1

  /// The log odds that each excerpt belongs to the second set; nil if a set has too few pieces.
  package static func verdict(
    _ first: [ExcerptAnalysis], _ second: [ExcerptAnalysis], repetitions: Int = CrossValidation.repetitions
  ) -> CrossValidation.Verdict? {
    func features(_ excerpts: [ExcerptAnalysis]) -> [[[Double]]] { excerpts.byPiece.map { $0.map(\.features) } }
    return CrossValidation.verdict(features(first), features(second), repetitions: repetitions, seed: seed)
  }
}
