internal import Glibc

extension Prior {
  /// Latents on the way from one window's to another's: `a` at 0, `b` at 1, in as many segments as both have.
  ///
  /// Every latent is carried back to the noise that its prior makes it from, given the latents before it, and the two noises
  /// are interpolated spherically (Shoemake 1985; White 2016): what lies between is as probable as the ends.
  public func interpolate(_ a: Latents, _ b: Latents, at t: Double) -> Latents {
    let (ofA, ofB) = (noises(of: a), noises(of: b))
    return walk(after: []) { place, prior in
      switch prior {
      case .first(let global): return global.interpolate(a.global, b.global, at: t)
      case .gaussian(let gaussian):
        guard let from = ofA[place], let to = ofB[place] else { return nil }
        return gaussian.point(of: spherical(from, to, at: t))
      }
    }
  }

  /// The noise that the prior makes each latent from; that of the first global latent aside.
  private func noises(of latents: Latents) -> [LatentPlace: [Float]] {
    var noises: [LatentPlace: [Float]] = [:]
    for case (let place, .gaussian(let prior)) in distributions(of: latents) {
      if let z = latents[place] { noises[place] = prior.noise(of: z) }
    }
    return noises
  }
}

extension GlobalPrior {
  /// Between components of a mixture, their means and standard deviations are on the way too.
  fileprivate func interpolate(_ a: [Float], _ b: [Float], at t: Double) -> [Float] {
    switch self {
    case .standard: return spherical(a, b, at: t)
    case .mixture(let parts):
      let (from, to) = (Self.nearest(a, parts), Self.nearest(b, parts))
      let between = Gaussian(
        mean: zip(from.mean, to.mean).map { $0 + Float(t) * ($1 - $0) },
        logVariance: zip(from.logVariance, to.logVariance).map { $0 + Float(t) * ($1 - $0) })
      return between.point(of: spherical(from.noise(of: a), to.noise(of: b), at: t))
    case .flow(let flows, _):
      func base(_ g: [Float]) -> [Float] {
        flows.reduce(g.map(Double.init)) { $1.forward($0).g }.map { Float($0) }
      }
      let point = spherical(base(a), base(b), at: t).map(Double.init)
      return flows.reversed().reduce(point) { $1.inverse($0) }.map { Float($0) }
    }
  }

  /// The component that most probably made a point.
  private static func nearest(_ g: [Float], _ parts: [(logWeight: Double, component: Gaussian)]) -> Gaussian {
    let densities = parts.map { $0.logWeight + $0.component.logDensity(g) }
    let best = densities.indices.max { densities[$0] < densities[$1] } ?? 0
    return parts[best].component
  }
}

extension Gaussian {
  /// What N(0, I) would have to give for a point.
  fileprivate func noise(of z: [Float]) -> [Float] {
    z.indices.map { (z[$0] - mean[$0]) * exp(-logVariance[$0] / 2) }
  }

  fileprivate func point(of noise: [Float]) -> [Float] {
    noise.indices.map { mean[$0] + exp(logVariance[$0] / 2) * noise[$0] }
  }
}

/// The point on the arc between two vectors; on the line where they have no angle between them, or are opposite.
private func spherical(_ a: [Float], _ b: [Float], at t: Double) -> [Float] {
  func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
  let lengths = (dot(a, a) * dot(b, b)).squareRoot()
  let angle = lengths > 0 ? acos(max(-1, min(1, dot(a, b) / lengths))) : 0
  let (from, to) =
    sin(angle) > 1e-4 ? (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle)) : (1 - t, t)
  return zip(a, b).map { Float(from * Double($0) + to * Double($1)) }
}
