import Layers
import ModelFormat
import MusicFeatures
import Tensors
import Testing
import VAEGAN

struct RelaxedTakesTests {
  init() throws { try Runtime.setThreadCount(1) }

  /// A model whose logits are so large that the noise of sampling has no effect.
  private func decisiveModel() throws -> VAE {
    let model = try model()
    for parameter in model.parameters.parameters {
      let name = parameter.name ?? ""
      if name == "embedding.weight" || name.hasSuffix(".latents.weight") { try parameter.scale(by: 100) }
    }
    return model
  }

  /// Each sampled token is the most probable one, of those that are possible, according to the parallel decoder, which
  /// sees the tokens before it: attention position by position is the same, and so are latents and keyboard states.
  @Test func positionsAreThoseOfTheParallelDecoder() throws {
    let model = try decisiveModel()
    let generator = try Generator(seed: 6)
    let latents = try model.sampleLatents(3, length: 64, using: generator)
    let takes = try model.relaxedTakes(3, length: 64, latents: latents, temperature: 1, feedback: 0.5, using: generator)
    let ids = try takes.ids
    let batch = try Batch(ids.map { TokenWindow(tokens: $0) }, multiple: 64)
    let planes = try softPlanes(takes.tokens, from: Array(repeating: KeyboardState(), count: 3))
    #expect(largestDifference(try takes.planes.floats(), try planes.floats()) < 1e-5)
    let logits = try model.logits(batch, latents: latents).floats()
    for (row, tokens) in ids.enumerated() {
      var keyboard = KeyboardState()
      for (position, token) in tokens.enumerated() {
        let first = (row * 64 + position) * Configuration.Vocabulary.logitCount
        let possible = (0..<774).filter { id in
          id < 128 ? !keyboard.isSounding(id) : id < 256 ? keyboard.isSounding(id - 128) : true
        }
        let best = possible.max { logits[first + $0] < logits[first + $1] }
        #expect(best == Int(token), "position \(position) of take \(row)")
        keyboard.apply(token)
      }
    }
    #expect(Set(ids).count == 3, "takes with other latents are other takes")
  }

  @Test func tokensAreOneHot() throws {
    let model = try model()
    let generator = try Generator(seed: 6)
    let latents = try model.sampleLatents(2, length: 32, using: generator)
    let tokens = try model.relaxedTakes(
      2, length: 32, latents: latents, temperature: 0.5, feedback: 0.5, using: generator
    ).tokens
    #expect(try tokens.floats().allSatisfy { $0 == 0 || $0 == 1 } && tokens.sum(2).floats().allSatisfy { $0 == 1 })
  }

  /// The latents, standardized by the Gaussians of the prior given those before them, are standard normal.
  @Test func latentsAreThoseOfThePrior() throws {
    let model = try model { $0.latents?.windowLength = 64 }
    let count = 400
    // Two latent windows and a part of a third.
    let latents = try #require(try model.sampleLatents(count, length: 144, using: Generator(seed: 7)))
    let prior = try #require(model.prior)
    let plan = try prior.plan(latents)
    let gaussians = PerLevel(
      global: try model.globals(plan.global),
      phrase: try Gaussian(output: prior.phrase(latents.global, count: latents.phrase.shape[1]) + plan.phrase),
      local: try Gaussian(output: prior.local(latents.phrase, count: latents.local.shape[1]) + plan.local))
    for level in Configuration.Level.allCases {
      let gaussian = gaussians[level]
      let standardized = try (latents[level] - gaussian.mean) * (gaussian.logVariance * -0.5).exp()
      for segment in 0..<latents[level].shape[1] {
        let values = try standardized.slice(1, segment..<segment + 1)
        let (mean, square) = (try values.mean(0, 1, 2).item(), try values.squared().mean(0, 1, 2).item())
        let error = 1 / (Double(count) * Double(values.shape[2])).squareRoot()
        #expect(abs(mean) < 4.5 * error, "\(level) \(segment): mean \(mean)")
        #expect(abs(square - 1) < 4.5 * error * 2.0.squareRoot(), "\(level) \(segment): square \(square)")
      }
    }
  }

  enum Term: CaseIterable { case adversarial, featureMatching, perceptual }

  /// The gradient of each term of the critic reaches all parameters that generate music, and none of the encoder's,
  /// which takes from the prior do not use.
  @Test(arguments: Term.allCases)
  func theCriticTeachesTheWholeGenerator(term: Term) throws {
    let model = try model()
    let critic = try critic()
    let generator = try Generator(seed: 6)
    let latents = try model.sampleLatents(4, length: 64, using: generator)
    let takes = try model.relaxedTakes(4, length: 64, latents: latents, temperature: 1, feedback: 0.5, using: generator)
    let fake = try CriticInput(takes, multiple: CriticConfiguration.tiny.windows.global)
    let real = try input(stretches([64, 64, 64, 64], seed: 9))
    let loss =
      switch term {
      case .adversarial: try AdversarialLoss.crossEntropy.ofGenerator(real: critic(real), fake: critic(fake))
      case .featureMatching: try FeatureMatching.loss(real: critic(real), fake: critic(fake))
      case .perceptual: try PerceptualLoss(on: .cpu)(real: real, fake: fake)
      }
    try loss.backward()
    for parameter in model.parameters.parameters {
      let name = parameter.name ?? ""
      let size = try parameter.gradient()?.squared().sum().item() ?? 0
      // The plan's output for global latents is that of later windows, and these takes have no charts.
      let unused = ["encoder.", "prior.plan.global.output", "chart.", "decoder.chart.", "decoder.chords."]
      let isUsed = !unused.contains { name.hasPrefix($0) }
      #expect(isUsed ? size > 0 && size.isFinite : size == 0, "\(name): \(size)")
    }
  }

  /// The critic's own loss changes all of its parameters and none of the generator's.
  @Test func theCriticLearnsAlone() throws {
    let model = try model()
    let critic = try critic()
    let generator = try Generator(seed: 6)
    let latents = try model.sampleLatents(2, length: 64, using: generator)
    let ids = try model.relaxedTakes(2, length: 64, latents: latents, temperature: 1, feedback: 0.5, using: generator)
      .ids
    try AdversarialLoss.crossEntropy.ofCritic(
      real: critic(input(stretches([64, 64]))), fake: critic(input(ids.map { TokenWindow(tokens: $0) }))
    ).backward()
    for parameter in critic.parameters.parameters {
      #expect(try parameter.gradient()?.squared().sum().item() ?? 0 > 0, "\(parameter.name ?? "")")
    }
    for parameter in model.parameters.parameters { #expect(try parameter.gradient() == nil) }
  }
}
