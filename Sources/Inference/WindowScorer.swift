internal import Glibc

/// Scores windows with one state: how probable a model finds them.
public final class WindowScorer {
  private let state: DecoderState

  public init(_ model: Model) { state = DecoderState(model, chunk: 128) }

  private var model: Model { state.model }

  /// The natural logarithm of the probability of each token of a window, given those before it and its latents, which
  /// a model without latents has not.
  public func logProbabilities(_ window: [Int], _ latents: Latents?) -> [Float] {
    state.reset()
    if let latents { state.use(latents) }
    return state.score(window)
  }

  /// The importance-weighted bound (Burda 2016) of log p(x) in nats, and what its samples say on the way. O(samples).
  ///
  /// - Precondition: The model has latents, and there is a sample.
  public func bound(
    _ window: [Int], samples: Int, using generator: inout some RandomNumberGenerator
  ) -> WindowBound {
    precondition(samples > 0, "a bound needs a sample")
    let posterior = model.encode(window)
    var weights: [Double] = []
    var reconstruction = 0.0
    var divergences = LatentDraw.Divergences()
    for _ in 0..<samples {
      let draw = posterior.draw(using: &generator)
      let logLikelihood = logProbabilities(window, draw.latents).reduce(0) { $0 + Double($1) }
      weights.append(logLikelihood + draw.logPrior - draw.logPosterior)
      reconstruction += logLikelihood / Double(samples)
      divergences.global += draw.divergences.global / Double(samples)
      divergences.phrase += draw.divergences.phrase / Double(samples)
      divergences.local += draw.divergences.local / Double(samples)
    }
    return WindowBound(
      importanceWeighted: logSumExp(weights) - log(Double(samples)), reconstruction: reconstruction,
      divergences: divergences)
  }
}

/// Bounds of the log-probability of a window, in nats.
public struct WindowBound: Hashable, Sendable {
  /// The importance-weighted bound; with one sample an estimate of the evidence lower bound.
  public let importanceWeighted: Double
  /// The mean of log p(x | z).
  public let reconstruction: Double
  /// The mean of KL(q ‖ p) of each level.
  public let divergences: LatentDraw.Divergences

  /// The evidence lower bound (Kingma & Welling 2014).
  public var evidenceLowerBound: Double {
    reconstruction - divergences.global - divergences.phrase - divergences.local
  }
}
