internal import Inference
public import ModelFormat

/// What the latents of a model carry, and how much the decoder needs them.
public struct LatentReport: Hashable, Sendable, Codable {
  /// From the whole window down.
  public var levels: [Level]
  /// The negative mean of log p(x | z), where z is drawn from the window's own posterior.
  public var own: LikelihoodReport
  /// The same under the latents of another window, and under latents that are all zero.
  public var shuffled: LikelihoodReport?
  public var zero: LikelihoodReport
  /// How many nats a token these cost more than the window's own.
  public var shuffleCost: Estimate?
  public var zeroCost: Estimate?

  /// What the latents of one level carry.
  public struct Level: Hashable, Sendable, Codable {
    public var level: Configuration.Level
    /// KL(q ‖ p) of all its latents in a window, spread over the tokens.
    public var natsPerToken: Estimate?
    public var natsPerWindow: Double?
    /// The dimensions of one latent.
    public var dimensions: Int
    /// Those of which the posterior's mean varies over the data by more than 0.01.
    public var activeUnits: Int
    /// Those of which the distance of the posterior's mean from the prior's varies by more than 0.01 variances of the
    /// prior: they say what the level above, and the place in the window, do not say already.
    public var unitsBeyondPrior: Int
  }

  /// - Parameter measures: one for each window, in order.
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
