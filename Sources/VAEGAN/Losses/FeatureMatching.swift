internal import ModelFormat
package import Tensors

/// The distance of the mean hidden states of a critic on fakes from those on real music (Salimans 2016), over its seven
/// maps: weighted 0.1 for the input, 0.4 for the local tower, 0.4 for the phrase tower and 0.2 for the global one. The
/// real side has no gradient.
package enum FeatureMatching {
  package static func loss(real: CriticOutput, fake: CriticOutput) throws(TensorError) -> Tensor {
    let blocks = real.scales.local.maps.count
    let weights =
      [0.1] + [0.4, 0.4, 0.2].flatMap { weight in Array(repeating: weight / Double(blocks), count: blocks) }
    var sum = try Tensor.zeros([], on: fake.input.device)
    for (weight, (r, f)) in zip(weights, zip(real.maps, fake.maps)) {
      let distance = try (mean(f, fake.there) - mean(r, real.there).detached()).magnitude().mean()
      sum = try sum + distance * weight
    }
    return sum
  }

  /// The mean over all tokens, [d].
  private static func mean(_ map: Tensor, _ there: Tensor) throws(TensorError) -> Tensor {
    try (map * there).sum(0, 1) / there.sum().atLeast(1)
  }
}
