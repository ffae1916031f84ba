internal import Glibc
public import ModelFormat
public import MusicFeatures

/// Computes the log probability of windows under a model, reusing one state.
public final class WindowScorer {
  private let state: DecoderState

  /// Creates a scorer.
  public init(_ model: Model) { state = DecoderState(model, chunk: 128) }

  private var model: Model { state.model }

  /// The natural logarithm of the probability of each token of a window, given those before it and the latents.
  ///
  /// - Parameter latents: the latents of each latent window, in order; empty for a model without latents.
  public func logProbabilities(_ window: TokenWindow, _ latents: [Latents]) -> [Float] {
    state.reset(window.start)
    state.chart = window.chart
    guard let shape = model.configuration.latents else { return state.score(window.tokens.map(Int.init)) }
    var previous = Configuration.Vocabulary.bos
    return zip(window.split(every: shape.windowLength), latents).flatMap { window, latents in
      state.use(latents)
      let scores = state.score(window.tokens.map(Int.init), after: previous)
      previous = Int(window.tokens[window.tokens.count - 1])
      return scores
    }
  }

  /// The importance-weighted bound (Burda 2016) of log p(x) in nats, and the other quantities that its samples give.
  /// O(samples).
  ///
  /// - Precondition: The model has latents, and there is at least one sample.
  public func bound(
    _ window: TokenWindow, samples: Int, using generator: inout some RandomNumberGenerator
  ) -> WindowBound {
    precondition(samples > 0, "a bound needs a sample")
    let posteriors = model.encodeAll(window)
    var weights: [Double] = []
    var reconstruction = 0.0
    var divergences = PerLevel(global: 0.0, phrase: 0, local: 0)
    for _ in 0..<samples {
      var draws: [LatentDraw] = []
      for posterior in posteriors { draws.append(posterior.draw(after: draws.map(\.latents), using: &generator)) }
      let logLikelihood = logProbabilities(window, draws.map(\.latents)).reduce(0) { $0 + Double($1) }
      weights.append(draws.reduce(logLikelihood) { $0 + $1.logPrior - $1.logPosterior })
      reconstruction += logLikelihood / Double(samples)
      for draw in draws {
        for level in Configuration.Level.allCases { divergences[level] += draw.divergences[level] / Double(samples) }
      }
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
  public let divergences: PerLevel<Double>

  /// The evidence lower bound (Kingma & Welling 2014).
  public var evidenceLowerBound: Double { divergences.all.reduce(reconstruction, -) }
}
