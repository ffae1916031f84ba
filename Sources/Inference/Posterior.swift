/// What the encoder has heard in a window: a distribution of its latents, from the window down (ladder VAE, Sønderby
/// 2016). The encoder's Gaussian of a phrase or local segment is multiplied by the prior's, given the parent's sample.
public struct Posterior: Sendable {
  /// The posterior of the global latent.
  public let global: Gaussian
  /// What the encoder says of each phrase and local segment in which there are tokens.
  let phrases: [Gaussian]
  let locals: [Gaussian]
  let prior: Prior

  /// The latents where every level is at its mean, given the means above it.
  public var mean: Latents {
    let phrases = phrases.indices.map { phrase(at: $0, given: global.mean).posterior.mean }
    let locals = locals.indices.map { local(at: $0, given: phrases).posterior.mean }
    return Latents(global: global.mean, phrases: phrases, locals: locals)
  }

  /// Latents from the posterior, and how probable they were.
  public func draw(using generator: inout some RandomNumberGenerator) -> LatentDraw {
    let g = global.sample(using: &generator)
    var draw = LatentDraw(latents: Latents(global: g, phrases: [], locals: []))
    draw.logPosterior = global.logDensity(g)
    draw.logPrior = prior.logDensity(global: g)
    draw.divergences.global = prior.divergence(of: global, sample: g)
    for index in phrases.indices {
      let pair = phrase(at: index, given: g)
      draw.latents.phrases.append(draw.count(pair, level: \.phrase, using: &generator))
    }
    for index in locals.indices {
      let pair = local(at: index, given: draw.latents.phrases)
      draw.latents.locals.append(draw.count(pair, level: \.local, using: &generator))
    }
    return draw
  }

  /// Prior and posterior of every phrase and local segment, given the latents above each.
  public func conditionals(given latents: Latents) -> (phrases: [LatentPair], locals: [LatentPair]) {
    (
      phrases.indices.map { phrase(at: $0, given: latents.global) },
      locals.indices.map { local(at: $0, given: latents.phrases) }
    )
  }

  private func phrase(at index: Int, given global: [Float]) -> LatentPair {
    LatentPair(heard: phrases[index], prior: prior.phrase(at: index, given: global))
  }

  private func local(at index: Int, given phrases: [[Float]]) -> LatentPair {
    LatentPair(
      heard: locals[index], prior: prior.local(at: index, given: phrases[index / prior.segmentsPerPhrase]))
  }
}

/// Prior and posterior of one latent under a parent's sample.
public struct LatentPair: Sendable {
  public let prior: Gaussian
  public let posterior: Gaussian

  init(heard: Gaussian, prior: Gaussian) {
    self.prior = prior
    posterior = heard.multiplied(by: prior)
  }
}

/// Latents that were drawn from a posterior.
public struct LatentDraw: Sendable {
  public internal(set) var latents: Latents
  /// log q(z | x) in nats.
  public internal(set) var logPosterior = 0.0
  /// log p(z) in nats.
  public internal(set) var logPrior = 0.0
  public internal(set) var divergences = Divergences()

  /// KL(q ‖ p) in nats of each level, of all its segments together, under the sample of the levels above. Of the global
  /// level it is exact where the prior is standard, and estimated from the sample where it is not.
  public struct Divergences: Hashable, Sendable {
    public var global = 0.0
    public var phrase = 0.0
    public var local = 0.0
  }

  init(latents: Latents) { self.latents = latents }

  /// Samples a posterior and adds what it costs.
  mutating func count(
    _ pair: LatentPair, level: WritableKeyPath<Divergences, Double>, using generator: inout some RandomNumberGenerator
  ) -> [Float] {
    let sample = pair.posterior.sample(using: &generator)
    logPosterior += pair.posterior.logDensity(sample)
    logPrior += pair.prior.logDensity(sample)
    divergences[keyPath: level] += pair.posterior.divergence(from: pair.prior)
    return sample
  }
}
