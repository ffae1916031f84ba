public import Inference
internal import ModelFormat
internal import MusicFeatures
public import MusicTokens

/// What a model with latents makes of a window.
public struct WindowMeasure: Sendable {
  /// The bounds of log p(x), the mean of log p(x | z), and the KL of each level.
  public var bound: WindowBound
  /// log p(x | z) in nats where z was drawn for another window; nil without one.
  public var shuffled: Double?
  /// log p(x | z) in nats where every latent is zero.
  public var zero: Double
  public var means: LatentMeans
  /// What greedy decoding from the means of the latents writes, as many tokens as the window has at most.
  public var copy: [Token]

  /// Measures a window. O(samples) times the window, most of it the bound.
  ///
  /// - Precondition: The model has latents; there are 1…`window` ids.
  /// - Parameters:
  ///   - partner: another window, whose latents should not fit.
  ///   - samples: how many latents are drawn for the bound.
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
      // A partner that is shorter has none for the last windows.
      return logLikelihood(others + zeros.dropFirst(others.count))
    }
    zero = logLikelihood(zeros)
    means = LatentMeans(posteriors)
    copy = FreeDecoding(model).greedy(
      under: posteriors.map(\.mean), after: window.window.start, count: window.passage.tokens.count)
  }
}

extension Latents {
  /// Latents that say nothing: those of phrases and local segments that are missing are zero too.
  static func zero(_ configuration: Configuration) -> Latents {
    Latents(global: Array(repeating: 0, count: configuration.latents?.global ?? 0), phrases: [], locals: [])
  }
}

extension WindowScorer {
  /// The negative natural logarithm of the probability that a model without latents gives to a window.
  public func nats(of window: HeldOutWindow) -> Double {
    -logProbabilities(window.window, []).reduce(0) { $0 + Double($1) }
  }
}
