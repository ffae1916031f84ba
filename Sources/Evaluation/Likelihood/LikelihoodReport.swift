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

/// What a model has to be better than.
public struct Baselines: Sendable {
  public let uniform = UniformModel()
  public let unigram: UnigramModel
  public let kneserNey5: KneserNeyModel

  /// Learns from the passages that the model learnt from.
  public init(training: [Passage]) {
    unigram = UnigramModel(training)
    kneserNey5 = KneserNeyModel(training, order: 5)
  }

  /// How well each baseline predicts pieces.
  public struct Report: Hashable, Sendable, Codable {
    public var uniform: LikelihoodReport
    public var unigram: LikelihoodReport
    public var kneserNey5: LikelihoodReport
  }

  /// How well each predicts pieces, cut into the passages that the model was given.
  public func report(_ pieces: [[Passage]], bootstrap: Bootstrap = Bootstrap()) -> Report {
    func report(_ model: some SequenceModel) -> LikelihoodReport {
      LikelihoodReport(pieces.map { model.likelihood(of: $0) }, bootstrap: bootstrap)
    }
    return Report(uniform: report(uniform), unigram: report(unigram), kneserNey5: report(kneserNey5))
  }
}
