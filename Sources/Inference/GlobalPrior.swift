internal import Glibc
internal import ModelFormat
internal import MusicCore

/// The prior of the global latent.
enum GlobalPrior: Sendable {
  case standard(dimensions: Int)
  /// Diagonal Gaussians, and the logarithms of their weights.
  case mixture([(logWeight: Double, component: Gaussian)])
  /// Steps from a latent to the base N(0, I).
  case flow([PlanarFlow], dimensions: Int)

  init(_ file: ModelFile, _ shape: Configuration.Latents) {
    switch shape.prior {
    case .standard: self = .standard(dimensions: shape.global)
    case .mixture: self = Self.mixture(file, shape)
    case .flow:
      let flows = (0..<shape.flowLayers).map { layer in
        let name = "prior.global.flow.\(layer)"
        return PlanarFlow(
          u: file.floats(named: name + ".u"), w: file.floats(named: name + ".w"), b: file.floats(named: name + ".b")[0])
      }
      self = .flow(flows, dimensions: shape.global)
    }
  }

  private static func mixture(_ file: ModelFile, _ shape: Configuration.Latents) -> GlobalPrior {
    let logits = file.floats(named: "prior.global.mixture.logits").map(Double.init)
    let means = file.floats(named: "prior.global.mixture.means")
    let logVariances = file.floats(named: "prior.global.mixture.logVariances")
    let total = logSumExp(logits)
    return .mixture(
      logits.enumerated().map { index, logit in
        let row = index * shape.global..<(index + 1) * shape.global
        return (logit - total, Gaussian(mean: Array(means[row]), logVariance: Array(logVariances[row])))
      })
  }

  func sample(using generator: inout some RandomNumberGenerator) -> [Float] {
    switch self {
    case .standard(let dimensions): return Gaussian.standard(dimensions).sample(using: &generator)
    case .mixture(let parts):
      let part = parts.drawn(at: Double.random(in: 0..<1, using: &generator)) { exp($0.logWeight) }
      return (part ?? parts[parts.count - 1]).component.sample(using: &generator)
    case .flow(let flows, let dimensions):
      let base = Gaussian.standard(dimensions).sample(using: &generator).map(Double.init)
      return flows.reversed().reduce(base) { $1.inverse($0) }.map { Float($0) }
    }
  }

  /// The natural logarithm of the density at a point.
  func logDensity(_ g: [Float]) -> Double {
    switch self {
    case .standard(let dimensions): return Gaussian.standard(dimensions).logDensity(g)
    case .mixture(let parts): return logSumExp(parts.map { $0.logWeight + $0.component.logDensity(g) })
    case .flow(let flows, let dimensions):
      var point = g.map(Double.init)
      var volume = 0.0
      for flow in flows {
        let (next, logDeterminant) = flow.forward(point)
        point = next
        volume += logDeterminant
      }
      return volume + Gaussian.standard(dimensions).logDensity(point.map { Float($0) })
    }
  }
}

/// log Σ exp(x).
func logSumExp(_ x: [Double]) -> Double {
  guard let most = x.max(), most > -.infinity else { return -.infinity }
  return most + log(x.reduce(0) { $0 + exp($1 - most) })
}
