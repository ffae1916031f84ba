public import Inference
internal import ModelFormat
internal import MusicFeatures
public import MusicTokens

/// The measures of one window under a model with latents.
public struct WindowMeasure: Sendable {
  /// The bounds of log p(x), the mean of log p(x | z), and the KL of each level.
  public var bound: WindowBound
  /// log p(x | z) in nats with z drawn for another window; nil if there is none.
  public var shuffled: Double?
  /// log p(x | z) in nats with all latents zero.
  public var zero: Double
  /// The means of posteriors and priors.
  public var means: LatentMeans
  /// The greedy reconstruction from the means of the latents, with at most as many tokens as the window.
  public var copy: [Token]
  /// Latents drawn from both.
  public var drawn: DrawnLatents

  /// The latents of the latent windows of a window that are whole: drawn from their posteriors, and as many from the prior,
  /// each given those before it.
  public struct DrawnLatents: Sendable {
    /// Latents drawn from the posteriors.
    public var ofPosterior: [Latents] = []
    /// Latents drawn from the prior.
    public var ofPrior: [Latents] = []
  }

  /// Measures a window. O(samples · tokens), dominated by the bound.
  ///
  /// - Precondition: The model has latents, and there are 1…`window` ids.
  /// - Parameters:
  ///   - partner: another window, whose latents are used for the shuffled measure.
  ///   - samples: the number of latent samples for the bound.
  public init(
    of window: HeldOutWindow, partner: HeldOutWindow?, by model: Model, samples: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    let scorer = WindowScorer(model)
    bound = scorer.bound(window.window, samples: samples, using: &generator)
    func logLikelihood(_ latents: [Latents]) -> Double {
      scorer.logProbabilities(window.window, latents).reduce(0) { $0 + Double($1) }
    }
    let posteriors = model.encodeAll(window.window)
    let zeros = Array(repeating: Latents.zero(model.configuration), count: posteriors.count)
    shuffled = partner.map { partner in
      let others = model.encodeAll(partner.window).map { $0.draw(using: &generator).latents }
      // A shorter partner has no latents for the last windows.
      return logLikelihood(others + zeros.dropFirst(others.count))
    }
    zero = logLikelihood(zeros)
    means = LatentMeans(posteriors)
    copy = FreeDecoding(model).greedy(
      under: posteriors.map(\.mean), after: window.window.start, count: window.passage.tokens.count)
    drawn = DrawnLatents()
    guard let prior = model.prior, let shape = model.configuration.latents else { return }
    for posterior in posteriors.prefix(window.window.tokens.count / shape.windowLength) {
      drawn.ofPosterior.append(posterior.draw(using: &generator).latents)
      drawn.ofPrior.append(prior.sample(after: drawn.ofPrior, using: &generator))
    }
  }
}

extension Latents {
  /// All latents zero; missing phrase and local latents count as zero.
  static func zero(_ configuration: Configuration) -> Latents {
    Latents(global: Array(repeating: 0, count: configuration.latents?.global ?? 0), phrases: [], locals: [])
  }
}

extension WindowScorer {
  /// The negative log likelihood of a window, in nats, under a model without latents.
  public func nats(of window: HeldOutWindow) -> Double {
    -logProbabilities(window.window, []).reduce(0) { $0 + Double($1) }
  }
}
