internal import Glibc

extension Prior {
  /// Interpolates between the latents of two windows: `a` at 0, `b` at 1, for the segments that both have.
  ///
  /// Every latent is mapped to the noise that its prior generates it from, given the latents before it, and the two
  /// noises are interpolated spherically (Shoemake 1985; White 2016), so that points between are as probable as the
  /// ends.
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

  /// The noise that the prior generates each latent from, except for the first global latent.
  private func noises(of latents: Latents) -> [LatentPlace: [Float]] {
    var noises: [LatentPlace: [Float]] = [:]
    for case (let place, .gaussian(let prior)) in distributions(of: latents) {
      if let z = latents[place] { noises[place] = prior.noise(of: z) }
    }
    return noises
  }
}

extension GlobalPrior {
  /// Between components of a mixture, means and standard deviations are interpolated too.
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

  /// The component with the highest responsibility for a point.
  private static func nearest(_ g: [Float], _ parts: [(logWeight: Double, component: Gaussian)]) -> Gaussian {
    let densities = parts.map { $0.logWeight + $0.component.logDensity(g) }
    let best = densities.indices.max { densities[$0] < densities[$1] } ?? 0
    return parts[best].component
  }
}

extension Gaussian {
  /// The sample of N(0, I) that corresponds to a point.
  fileprivate func noise(of z: [Float]) -> [Float] {
    z.indices.map { (z[$0] - mean[$0]) * exp(-logVariance[$0] / 2) }
  }

  fileprivate func point(of noise: [Float]) -> [Float] {
    noise.indices.map { mean[$0] + exp(logVariance[$0] / 2) * noise[$0] }
  }
}

/// Spherical interpolation between two vectors; linear if they are parallel or opposite.
private func spherical(_ a: [Float], _ b: [Float], at t: Double) -> [Float] {
  func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
  let lengths = (dot(a, a) * dot(b, b)).squareRoot()
  let angle = lengths > 0 ? acos(max(-1, min(1, dot(a, b) / lengths))) : 0
  let (from, to) =
    sin(angle) > 1e-4 ? (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle)) : (1 - t, t)
  return zip(a, b).map { Float(from * Double($0) + to * Double($1)) }
}
