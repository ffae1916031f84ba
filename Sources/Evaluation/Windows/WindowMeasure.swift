public import Inference
internal import ModelFormat
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
    bound = scorer.bound(window.ids, samples: samples, using: &generator)
    func logLikelihood(_ latents: Latents) -> Double {
      scorer.logProbabilities(window.ids, latents).reduce(0) { $0 + Double($1) }
    }
    shuffled = partner.map { logLikelihood(model.encode($0.ids).draw(using: &generator).latents) }
    zero = logLikelihood(.zero(model.configuration))
    let posterior = model.encode(window.ids)
    means = LatentMeans(posterior)
    copy = FreeDecoding(model).greedy(under: posterior.mean, count: window.passage.tokens.count)
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
    -logProbabilities(window.ids, nil).reduce(0) { $0 + Double($1) }
  }
}
