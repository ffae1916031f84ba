public import ModelFormat

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
    let phrases = phrases.indices.map { phrase(at: $0, given: global.mean).mean }
    let locals = locals.indices.map { local(at: $0, given: phrases).mean }
    return Latents(global: global.mean, phrases: phrases, locals: locals)
  }

  /// Latents from the posterior, and how probable they were.
  ///
  /// - Parameter history: the latents of the windows before, which the prior goes on from; whole ones.
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

  /// How probable some latents are, as if they had been drawn; as many as there are segments.
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
  public let prior: Gaussian
  public let posterior: Gaussian
}

/// Latents that were drawn from a posterior.
public struct LatentDraw: Sendable {
  public internal(set) var latents: Latents
  /// log q(z | x) in nats.
  public internal(set) var logPosterior = 0.0
  /// log p(z) in nats.
  public internal(set) var logPrior = 0.0
  /// KL(q ‖ p) in nats of each level, of all its segments together, under the sample of the latents before. Of the first
  /// global latent it is exact where the prior is standard, and estimated from the sample where it is not.
  public internal(set) var divergences = PerLevel(global: 0.0, phrase: 0, local: 0)

  init(latents: Latents) { self.latents = latents }
}
