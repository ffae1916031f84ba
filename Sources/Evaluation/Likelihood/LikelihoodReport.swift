/// How well a model predicts a set of pieces.
public struct LikelihoodReport: Hashable, Sendable, Codable {
  public var natsPerToken: Estimate?
  public var natsPerNote: Estimate?
  public var bitsPerSecond: Estimate?
  /// All pieces together.
  public var total: Likelihood

  /// The report of pieces, all passages of a piece added up to one likelihood.
  public init(_ pieces: [Likelihood], bootstrap: Bootstrap = Bootstrap()) {
    natsPerToken = bootstrap.estimate(pieces, \.sum.natsPerToken)
    natsPerNote = bootstrap.estimate(pieces, \.sum.natsPerNote)
    bitsPerSecond = bootstrap.estimate(pieces, \.sum.bitsPerSecond)
    total = pieces.sum
  }

  /// How many nats a token one model needs more than another for the same pieces, in the same order.
  public static func difference(
    _ model: [Likelihood], from other: [Likelihood], bootstrap: Bootstrap = Bootstrap()
  ) -> Estimate? {
    precondition(model.count == other.count, "models are compared on the same pieces")
    return bootstrap.estimate(Array(zip(model, other))) { pieces in
      let (mine, theirs) = (pieces.lazy.map(\.0).sum, pieces.lazy.map(\.1).sum)
      guard let nats = mine.natsPerToken, let others = theirs.natsPerToken else { return nil }
      return nats - others
    }
  }
}
