import Layers
import ModelFormat
import MusicFeatures
import Tensors
import Testing
import VAEGAN

struct DiscriminatorTests {
  @Test func tensorsOfTheFileAreThoseOfTheConfiguration() throws {
    for configuration in [CriticConfiguration.tiny, CriticConfiguration()] {
      let critic = try Discriminator(configuration, generator: Generator(seed: 1))
      let folded = try critic.folded()
      #expect(Set(folded.keys) == Set(configuration.tensors.map(\.name)))
      for tensor in configuration.tensors { #expect(folded[tensor.name]?.count == tensor.count, "\(tensor.name)") }
      for tensor in configuration.tensors where tensor.shape.count > 1 {
        #expect(critic.spectralNorms.contains { $0.name == tensor.name }, "\(tensor.name) is not normalized")
      }
    }
  }

  /// After some training steps the largest singular value is still 1, and the optimized parameters are the critic's.
  @Test func theLargestSingularValueIsOne() throws {
    let critic = try Discriminator(.tiny, generator: Generator(seed: 5))
    let parameters = critic.parameters.parameters
    let before = try parameters.map { try $0.floats() }
    let optimizer = try AdamW(parameters)
    let (real, fake) = (try input(stretches([32, 32], seed: 1)), try input(stretches([32, 32], seed: 2)))
    // The learning rates at the start of a run.
    let rate = LearningRate(peak: 1e-3, warmUpSteps: 50, steps: 800)
    for step in 0..<20 {
      try critic.updateNorms(iterations: 3)
      try optimizer.clearGradients()
      try AdversarialLoss.crossEntropy.ofCritic(real: critic(real), fake: critic(fake)).backward()
      try optimizer.step(learningRate: rate(step))
    }
    try critic.updateNorms(iterations: 3)
    for norm in critic.spectralNorms {
      let sigma = try norm.trueSigma()
      #expect(abs(sigma - 1) < 0.02, "\(norm.name): \(sigma)")
    }
    for (parameter, values) in zip(parameters, before) {
      #expect(try parameter.floats() != values, "\(parameter.name ?? "") was not trained")
    }
    #expect(zip(critic.parameters.parameters, parameters).allSatisfy { $0 === $1 })
  }

  /// A change of one token affects only the windows that contain it. The token is a note-off of a silent key, so that
  /// the keyboard state of later windows does not change.
  @Test(arguments: [3, 8, 17, 30])
  func aTokenOutsideAWindowChangesNothingInIt(changed: Int) throws {
    let critic = try critic()
    try Gradients.unrecorded {
      var music = stretches([64])
      var silent = (0..<128).filter { !music[0].start.isSounding($0) }
      for token in music[0].tokens where token < 128 { silent.removeAll { $0 == Int(token) } }
      music[0].tokens[changed] = UInt16(128 + silent[0])
      let before = try critic(input(music))
      music[0].tokens[changed] = UInt16(128 + silent[1])
      let after = try critic(input(music))
      for scale in Configuration.Level.allCases {
        let length = CriticConfiguration.tiny.windows[scale]
        let (a, b) = (try before.scales[scale].windows.floats(), try after.scales[scale].windows.floats())
        #expect(a.count == 64 / length)
        let different = a.indices.filter { a[$0] != b[$0] }
        #expect(different == [changed / length], "\(scale)")
      }
    }
  }

  @Test func paddingAndBatchMatesChangeNothing() throws {
    let critic = try critic()
    try Gradients.unrecorded {
      let both = stretches([40, 64])
      let alone = try critic(input([both[0]]))
      let beside = try critic(input(both))
      for scale in Configuration.Level.allCases {
        let (a, b) = (alone.scales[scale], beside.scales[scale])
        #expect(
          largestDifference(try a.windows.floats(), try b.windows.slice(0, 0..<1).floats()) < 1e-5)
        #expect(abs(try a.mean.item() - b.mean.slice(0, 0..<1).item()) < 1e-5)
        #expect(abs(try a.maximum.item() - b.maximum.slice(0, 0..<1).item()) < 1e-5)
      }
      // The second window of 32 has only 8 of the 40 tokens, too few to be judged.
      #expect(try alone.scales.global.weights.floats() == [1, 0])
      #expect(try alone.scales.phrase.weights.floats() == [1, 1, 1, 0])
      #expect(try alone.scales.local.weights.floats() == [1, 1, 1, 1, 1, 0, 0, 0])
    }
  }

  @Test func evaluationChangesNoState() throws {
    let critic = try critic()
    let before = try critic.parameters.all.map { try $0.floats() }
    let first = try critic(input(stretches([64]))).combined.item()
    #expect(try critic(input(stretches([64]))).combined.item() == first)
    #expect(try critic.parameters.all.map { try $0.floats() } == before)
  }

  @Test func theEndOfAPieceIsRefused() throws {
    let error = #expect(throws: TensorError.self) { try input([TokenWindow(tokens: [60, 775])]) }
    #expect(error?.description.contains("775") == true)
  }

  /// Adversarial, feature-matching and penalty gradients reach relaxed tokens, including the first position.
  @Test func gradientsReachRelaxedTokens() throws {
    let critic = try critic()
    let logits = try Generator(seed: 8).normal([2, 32, 774]).requireGradient()
    let starts = stretches([1, 1]).map(\.start)
    let losses: [(CriticOutput, CriticOutput) throws -> Tensor] = [
      { try AdversarialLoss.crossEntropy.ofGenerator(real: $0, fake: $1) },
      { try FeatureMatching.loss(real: $0, fake: $1) },
    ]
    for loss in losses {
      let tokens = try logits.softmax()
      let takes = RelaxedTakes(tokens: tokens, planes: try softPlanes(tokens, from: starts))
      let fake = try critic(CriticInput(takes, multiple: CriticConfiguration.tiny.windows.global))
      let real = try critic(input(stretches([32, 32])))
      let gradient = try #require(try Gradients.of(loss(real, fake), by: [logits])[0])
      let sizes = try gradient.squared().sum(2).floats()
      #expect(sizes.count == 64 && sizes.allSatisfy { $0 > 0 && $0.isFinite })
    }
  }
}
