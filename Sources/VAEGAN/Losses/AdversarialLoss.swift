package import ModelFormat
package import Tensors

/// The adversarial losses of critic and generator, per window of each scale.
package enum AdversarialLoss: String, Codable, CaseIterable, Sendable {
  /// Cross-entropy with smoothed targets (Goodfellow 2014; Salimans 2016), non-saturating for the generator.
  case crossEntropy
  /// Margins of one (Lim & Ye 2017).
  case hinge
  /// Relativistic pairing: the logit difference of a real window and a fake one (R3GAN, Huang 2024; Jolicoeur-Martineau
  /// 2019). Stretches of the two sides are paired by index.
  case relativistic

  /// The label smoothing: the distance of targets from 0 and 1.
  package static let smoothing = 0.05

  /// The critic's loss: a scalar, the mean over the windows of each scale, weighted by scale.
  package func ofCritic(
    real: CriticOutput, fake: CriticOutput, weights: PerLevel<Double> = CriticConfiguration.weights
  ) throws(TensorError) -> Tensor {
    try total(weights) { scale throws(TensorError) in
      let (r, f) = (real.scales[scale], fake.scales[scale])
      switch self {
      case .crossEntropy:
        let smooth = Self.smoothing
        let ofReal = try (-r.windows).softplus() * (1 - smooth) + r.windows.softplus() * smooth
        let ofFake = try f.windows.softplus() * (1 - smooth) + (-f.windows).softplus() * smooth
        return try Self.mean(ofReal, r.weights) + Self.mean(ofFake, f.weights)
      case .hinge:
        return try Self.mean((1 - r.windows).relu(), r.weights) + Self.mean((f.windows + 1).relu(), f.weights)
      case .relativistic:
        return try Self.mean((f.windows - r.windows).softplus(), r.weights * f.weights)
      }
    }
  }

  /// The generator's loss: a scalar. The real side is used only by the relativistic loss, without a gradient.
  package func ofGenerator(
    real: CriticOutput, fake: CriticOutput, weights: PerLevel<Double> = CriticConfiguration.weights
  ) throws(TensorError) -> Tensor {
    try total(weights) { scale throws(TensorError) in
      let (r, f) = (real.scales[scale], fake.scales[scale])
      switch self {
      case .crossEntropy: return try Self.mean((-f.windows).softplus(), f.weights)
      case .hinge: return try Self.mean(-f.windows, f.weights)
      case .relativistic:
        return try Self.mean((r.windows.detached() - f.windows).softplus(), r.weights * f.weights)
      }
    }
  }

  private func total(
    _ weights: PerLevel<Double>, _ loss: (Configuration.Level) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    var sum: Tensor?
    for scale in Configuration.Level.allCases where weights[scale] > 0 {
      let part = try loss(scale) * weights[scale]
      sum = try sum.map { sum throws(TensorError) in try sum + part } ?? part
    }
    guard let sum else { return try Tensor.zeros([]) }
    return sum
  }

  private static func mean(_ values: Tensor, _ weights: Tensor) throws(TensorError) -> Tensor {
    try (values * weights).sum() / weights.sum().atLeast(1)
  }
}
