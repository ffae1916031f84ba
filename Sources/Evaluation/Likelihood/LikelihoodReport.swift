/// How well a model predicts a set of pieces.
public struct LikelihoodReport: Hashable, Sendable, Codable {
  /// Nats per token.
  public var natsPerToken: Estimate?
  /// Nats per note.
  public var natsPerNote: Estimate?
  /// Bits per second of music.
  public var bitsPerSecond: Estimate?
  /// The total over all pieces.
  public var total: Likelihood

  /// Creates the report of pieces, each given by the sum over its passages.
  public init(_ pieces: [Likelihood], bootstrap: Bootstrap = Bootstrap()) {
    natsPerToken = bootstrap.estimate(pieces, \.sum.natsPerToken)
    natsPerNote = bootstrap.estimate(pieces, \.sum.natsPerNote)
    bitsPerSecond = bootstrap.estimate(pieces, \.sum.bitsPerSecond)
    total = pieces.sum
  }

  /// The difference in nats per token between two models on the same pieces, in the same order.
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
