public import ModelFormat

/// The posterior of a window's latents, top-down from the global one (ladder VAE, Sønderby 2016). The encoder's
/// Gaussian of a phrase or local segment is multiplied by the prior's, given the parent's sample.
public struct Posterior: Sendable {
  /// The posterior of the global latent.
  public let global: Gaussian
  /// The encoder's Gaussians of the phrases and local segments that have tokens.
  let phrases: [Gaussian]
  let locals: [Gaussian]
  let prior: Prior

  /// The latents where every level is at its mean, given the means above it.
  public var mean: Latents {
    let phrases = phrases.indices.map { phrase(at: $0, given: global.mean).mean }
    let locals = locals.indices.map { local(at: $0, given: phrases).mean }
    return Latents(global: global.mean, phrases: phrases, locals: locals)
  }

  /// Draws latents from the posterior, with their log densities.
  ///
  /// - Parameter history: the latents of the whole windows before, which the prior conditions on.
  public func draw(after history: [Latents] = [], using generator: inout some RandomNumberGenerator) -> LatentDraw {
    let g = global.sample(using: &generator)
    var latents = Latents(global: g, phrases: [], locals: [])
    for index in phrases.indices {
      latents.phrases.append(phrase(at: index, given: g).sample(using: &generator))
    }
    for index in locals.indices {
      latents.locals.append(local(at: index, given: latents.phrases).sample(using: &generator))
    }
    return self.draw(of: latents, after: history)
  }

  /// The log densities of given latents, as if they had been drawn; one latent per segment.
  public func draw(of latents: Latents, after history: [Latents] = []) -> LatentDraw {
    var draw = LatentDraw(latents: latents)
    for (place, p) in prior.distributions(of: latents, after: history) {
      guard let z = latents[place] else { continue }
      let q = gaussian(at: place, given: latents)
      draw.logPosterior += q.logDensity(z)
      draw.logPrior += p.logDensity(z)
      draw.divergences[place.level] += p.divergence(of: q, sample: z)
    }
    return draw
  }

  /// Prior and posterior of every phrase and local segment, given the latents before each.
  public func conditionals(given latents: Latents) -> (phrases: [LatentPair], locals: [LatentPair]) {
    var (phrases, locals): ([LatentPair], [LatentPair]) = ([], [])
    for case (let place, .gaussian(let p)) in prior.distributions(of: latents) {
      let pair = LatentPair(prior: p, posterior: gaussian(at: place, given: latents))
      if place.level == .phrase { phrases.append(pair) } else { locals.append(pair) }
    }
    return (phrases, locals)
  }

  private func gaussian(at place: LatentPlace, given latents: Latents) -> Gaussian {
    switch place {
    case .global: global
    case .phrase(let index): phrase(at: index, given: latents.global)
    case .local(let index): local(at: index, given: latents.phrases)
    }
  }

  private func phrase(at index: Int, given global: [Float]) -> Gaussian {
    phrases[index].multiplied(by: prior.phraseOfParent(at: index, given: global))
  }

  private func local(at index: Int, given phrases: [[Float]]) -> Gaussian {
    let parent = phrases[index / prior.shape.localsPerPhrase]
    return locals[index].multiplied(by: prior.localOfParent(at: index, given: parent))
  }
}

/// Prior and posterior of one latent, given those before it.
public struct LatentPair: Sendable {
  /// The prior of the latent.
  public let prior: Gaussian
  /// The posterior of the latent.
  public let posterior: Gaussian
}

/// Latents that were drawn from a posterior.
public struct LatentDraw: Sendable {
  /// The latents.
  public internal(set) var latents: Latents
  /// log q(z | x) in nats.
  public internal(set) var logPosterior = 0.0
  /// log p(z) in nats.
  public internal(set) var logPrior = 0.0
  /// KL(q ‖ p) in nats of each level, summed over its segments, given the sampled latents before. For the first global
  /// latent it is exact if the prior is standard normal, and otherwise estimated from the sample.
  public internal(set) var divergences = PerLevel(global: 0.0, phrase: 0, local: 0)

  init(latents: Latents) { self.latents = latents }
}
