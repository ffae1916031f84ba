import Foundation
import Layers
import ModelFormat
import Tensors
import TestSupport
import Testing
import VAEGAN

@Suite("The mixture prior") struct MixtureTests {
  /// 300 samples around (−2, 0, 1) and 100 around (2, 0, −1) with half the spread, in random order.
  private func samples(seed: UInt64 = 1) throws -> [[Float]] {
    var noise = try Generator(seed: seed).normal([400, 3]).floats()[...]
    var generator = SeededGenerator(seed: seed)
    return (0..<400).map { index in
      let center: [Float] = index < 300 ? [-2, 0, 1] : [2, 0, -1]
      let width: Float = index < 300 ? 0.5 : 0.25
      defer { noise.removeFirst(3) }
      return zip(center, noise.prefix(3)).map { $0 + width * $1 }
    }.shuffled(using: &generator)
  }

  @Test("a fit finds the clusters of its samples") func fit() throws {
    let model = try model {
      $0.latents?.global = 3
      $0.latents?.prior = .mixture
      $0.latents?.mixtureComponents = 2
    }
    guard case .mixture(let mixture)? = model.prior?.global else { preconditionFailure("the prior is a mixture") }
    try mixture.fit(to: samples())
    let parameters = model.parameters.parameters.filter { $0.name?.contains("mixture") == true }
    func values(_ name: String) throws -> [Float] {
      try #require(parameters.first { $0.name?.hasSuffix(name) == true }).floats()
    }
    let (means, logits) = (try values("means"), try values("logits"))
    let large = means[0] < means[3] ? 0 : 1
    #expect(abs(means[3 * large] + 2) < 0.3 && abs(means[3 * (1 - large)] - 2) < 0.6, "\(means)")
    #expect(abs(logits[large] - logits[1 - large] - log(3)) < 0.2, "\(logits)")
    // On other samples the best possible cost is the entropy: that of the clusters plus that of their choice.
    let other = try samples(seed: 2)
    let density = try mixture.logDensity(Tensor(Array(other.joined()), [400, 3])).mean().item()
    let entropy = [(0.75, 0.5), (0.25, 0.25)].reduce(0.0) { sum, group in
      sum + group.0 * (1.5 * log(2 * Double.pi * M_E) + 3 * log(group.1) - log(group.0))
    }
    #expect(density > -entropy - 0.3, "\(density) and \(-entropy)")
  }
}
