import ModelFormat
import MusicFeatures
import Tensors
import Testing
import VAEGAN

struct CriticLossTests {
  private func size(_ tensor: Tensor?) throws -> Double { try tensor?.squared().sum().item().squareRoot() ?? 0 }

  @Test func sevenMapsAreMatched() throws {
    let critic = try critic()
    let (real, fake) = (try critic(input(stretches([32, 32]))), try critic(input(stretches([32, 64], seed: 9))))
    #expect(real.maps.count == 7)
    #expect(try FeatureMatching.loss(real: real, fake: real).item() == 0)
    let loss = try FeatureMatching.loss(real: real, fake: fake)
    #expect(try loss.item() > 0)
    // Each feature map of the fake side has a gradient; those of the real side have none.
    let gradients = try Gradients.of(loss, by: real.maps + fake.maps)
    for index in 0..<7 { #expect(try size(gradients[index]) == 0 && size(gradients[7 + index]) > 0) }
  }

  /// D(x) = w · x has the gradient w everywhere.
  @Test func penaltiesOfALinearCriticAreAnalytic() throws {
    let generator = try Generator(seed: 2)
    let w = try generator.normal([6, 1]).requireGradient()
    let linear = { (x: Tensor) throws(TensorError) in try x.matmul(w) }
    let (real, fake) = (try generator.normal([5, 6]), try generator.normal([5, 6]))
    let norm = try w.squared().sum().item()
    let r1 = try GradientPenalty.squaredSlope(at: real, linear)
    #expect(abs(try r1.item() - norm) < 1e-5 * norm)
    let shares = try generator.uniform([5, 1])
    let gp = try GradientPenalty.unitSlope(between: real, fake, at: shares, linear)
    let expected = (norm.squareRoot() - 1) * (norm.squareRoot() - 1)
    #expect(abs(try gp.item() - expected) < 1e-4 * expected)
    // d‖w‖² / dw = 2w.
    let gradient = try #require(try Gradients.of(r1, by: [w])[0])
    #expect(largestDifference(try gradient.floats(), try (w * 2).floats()) < 1e-5)
  }

  /// The second-order gradient of the R1 penalty of the whole critic, along itself, compared with the difference of two
  /// values. These are so close that no maximum moves to another position between them, where the slope would jump.
  @Test func theGradientOfThePenaltyIsAFiniteDifference() throws {
    let critic = try critic()
    let embedded = try critic.embed(input(stretches([32, 32])))
    let features = try embedded.features.detached()
    func penalty() throws -> Tensor {
      try GradientPenalty.squaredSlope(at: embedded.input) { x throws(TensorError) in
        try critic(Discriminator.Embedded(input: x, features: features, mask: embedded.mask)).combined
      }
    }
    try penalty().backward()
    for norm in critic.spectralNorms where norm.name.contains("blocks") {
      let weight = norm.weight
      let gradient = try #require(try weight.gradient(), "\(norm.name) has no gradient")
      let length = try gradient.squared().sum().item().squareRoot()
      try #require(length > 0, "the gradient of \(norm.name) is zero")
      let step = 1e-4 * (try weight.squared().sum().item().squareRoot()) / length
      try weight.accumulate(gradient, times: step)
      let above = try penalty().item()
      try weight.accumulate(gradient, times: -2 * step)
      let below = try penalty().item()
      try weight.accumulate(gradient, times: step)
      let slope = length * length
      let difference = (above - below) / (2 * step)
      #expect(abs(difference - slope) < 0.05 * slope + 1e-6 / step, "\(norm.name): \(difference) and \(slope)")
    }
  }

  /// Equal scores have the known cost, better ones cost less, and each side learns in the right direction.
  @Test(arguments: AdversarialLoss.allCases)
  func lossesHaveTheirTargets(loss: AdversarialLoss) throws {
    let critic = try critic()
    let (real, fake) = (try critic(input(stretches([64]))), try critic(input(stretches([64], seed: 2))))
    let value = try loss.ofCritic(real: real, fake: fake)
    let windows = [real.scales.local.windows, fake.scales.local.windows]
    let slopes = try Gradients.of(value, by: windows).map { try #require($0).floats() }
    // Beyond its margin the hinge loss has no gradient.
    #expect(slopes[0].allSatisfy { loss == .hinge ? $0 <= 0 : $0 < 0 } && slopes[0].contains { $0 < 0 })
    #expect(slopes[1].allSatisfy { loss == .hinge ? $0 >= 0 : $0 > 0 } && slopes[1].contains { $0 > 0 })
    let ofGenerator = try Gradients.of(loss.ofGenerator(real: real, fake: fake), by: windows)
    #expect(try size(ofGenerator[0]) == 0)
    #expect(try #require(ofGenerator[1]).floats().allSatisfy { $0 < 0 })
    // A scale with weight 0 has no effect.
    let local = try loss.ofCritic(real: real, fake: fake, weights: PerLevel(global: 0, phrase: 0, local: 1))
    #expect(try Gradients.of(local, by: [real.scales.phrase.windows])[0] == nil)
  }
}
