internal import Inference
public import ModelFormat
internal import MusicCore

/// How much information the latents of a model carry, and how much the decoder depends on them.
public struct LatentReport: Hashable, Sendable, Codable {
  /// The levels, from global to local.
  public var levels: [Level]
  /// The mean of −log p(x | z), with z drawn from the window's own posterior.
  public var own: LikelihoodReport
  /// The same with the latents of another window, and with all latents zero.
  public var shuffled: LikelihoodReport?
  /// The same with all latents 0.
  public var zero: LikelihoodReport
  /// The increase in nats per token over the window's own latents.
  public var shuffleCost: Estimate?
  /// The same for latents that are all 0.
  public var zeroCost: Estimate?
  /// The area under the ROC curve of a classifier that tells latents drawn from posteriors from latents drawn from the
  /// prior, cross-validated by piece: 0.5 if the prior matches the distribution of the posteriors. Nil if there are too
  /// few pieces.
  public var priorArea: Estimate?

  /// The information that the latents of one level carry.
  public struct Level: Hashable, Sendable, Codable {
    /// The level of the latents.
    public var level: Configuration.Level
    /// KL(q ‖ p) of all its latents in a window, in nats per token.
    public var natsPerToken: Estimate?
    /// The KL divergence from the prior, in nats per window.
    public var natsPerWindow: Double?
    /// The number of dimensions of a latent.
    public var dimensions: Int
    /// The number of active dimensions: those whose posterior mean has a variance above 0.01 over the data.
    public var activeUnits: Int
    /// The number of dimensions for which the distance between posterior and prior mean has a variance above 0.01, in
    /// units of the prior's variance: they carry information that the level above and the position in the window do
    /// not.
    public var unitsBeyondPrior: Int
  }

  /// - Parameter measures: one measure per window, in order.
  public init(
    _ measures: [WindowMeasure], of windows: [HeldOutWindow], shape: Configuration.Latents,
    bootstrap: Bootstrap = Bootstrap()
  ) {
    let own = windows.likelihoods(measures.map { -$0.bound.reconstruction })
    let zero = windows.likelihoods(measures.map { -$0.zero })
    let others = measures.compactMap(\.shuffled)
    let shuffled = others.count == measures.count ? windows.likelihoods(others.map { -$0 }) : nil
    self.own = LikelihoodReport(own, bootstrap: bootstrap)
    self.zero = LikelihoodReport(zero, bootstrap: bootstrap)
    self.shuffled = shuffled.map { LikelihoodReport($0, bootstrap: bootstrap) }
    zeroCost = LikelihoodReport.difference(zero, from: own, bootstrap: bootstrap)
    shuffleCost = shuffled.flatMap { LikelihoodReport.difference($0, from: own, bootstrap: bootstrap) }
    func samples(_ latents: KeyPath<WindowMeasure.DrawnLatents, [Latents]>) -> [[[Double]]] {
      windows.byPiece(measures.map { $0.drawn[keyPath: latents].map(\.summary) }).map { $0.flatMap(\.self) }
        .filter { !$0.isEmpty }
    }
    priorArea =
      CrossValidation.verdict(samples(\.ofPrior), samples(\.ofPosterior), seed: bootstrap.seed)?.area(bootstrap)
    levels = Configuration.Level.allCases.map { level in
      let divergences = measures.map { $0.bound.divergences[level] }
      let pieces = windows.likelihoods(divergences)
      return Level(
        level: level, natsPerToken: bootstrap.estimate(pieces, \.sum.natsPerToken), natsPerWindow: divergences.mean,
        dimensions: shape.dimensions(of: level),
        activeUnits: measures.flatMap { $0.means.posterior[level] ?? [] }.activeUnits,
        unitsBeyondPrior: measures.flatMap { $0.means.shift[level] ?? [] }.activeUnits)
    }
  }
}
