internal import Layers
internal import ModelFormat
internal import MusicCore
internal import Tensors
internal import VAEGAN

/// The gradient of a critic through relaxed tokens (straight-through Gumbel-softmax, Jang 2017).
struct RelaxedMethod: TrainedCriticMethod {
  let critic: TrainedCritic
  private let policy: Policy
  private let perceptual: PerceptualLoss

  init(policy: Policy, critic: TrainedCritic) throws {
    (self.policy, self.critic) = (policy, critic)
    perceptual = try PerceptualLoss(on: policy.device)
  }

  /// Samples relaxed takes and accumulates the gradient of the critic's terms: the adversarial loss, feature matching,
  /// and the perceptual loss.
  ///
  /// The gradient of each term is first computed with respect to the tokens, where the terms can be compared, and their
  /// sum then propagated through the generator once. In early stages takes are as long as the longest window of the towers
  /// that teach (a curriculum).
  func generatorStep(_ progress: inout Progress, _ stage: CriticStage) throws -> GeneratorStep {
    let (settings, model, generator) = (policy.settings, policy.model, policy.generator)
    let options = settings.adversarial
    let towers = critic.towers
    let windows = towers.configuration.windows
    let length = min(options.relaxedTokens, windows[stage.newest])
    let source = try model.relaxedTakes(
      options.takes, length: length, latents: model.sampleLatents(options.takes, length: length, using: generator),
      temperature: options.relaxedTemperature, feedback: options.relaxedFeedback, using: generator)
    // Leaves, at which the gradients of all terms are collected.
    let takes = RelaxedTakes(
      tokens: try source.tokens.detached().requireGradient(), planes: try source.planes.detached().requireGradient())
    var numbers = SplitMix64(keys: UInt64(settings.run.seed), UInt64(progress.step), 17)
    let stretches = (0..<options.takes).map { _ in policy.music.stretch(length, .opening(last: 0), using: &numbers) }
      .transposed(within: settings.data.transpositions, using: &numbers)
    let fake = try CriticInput(takes, multiple: windows.global)
    let real = try CriticInput(stretches, multiple: windows.global, on: policy.device)
    let heard = (
      real: try Gradients.unrecorded { () throws(TensorError) in try towers(real) },
      fake: try towers(fake)
    )
    func loss(_ term: GeneratorTerm) throws(TensorError) -> Tensor {
      switch term {
      case .adversarial:
        try settings.critic.loss.ofGenerator(real: heard.real, fake: heard.fake, weights: stage.weights)
      case .featureMatching: try FeatureMatching.loss(real: heard.real, fake: heard.fake)
      case .perceptual: try perceptual(real: real, fake: fake)
      }
    }
    let leaves = [takes.tokens, takes.planes]
    let total = try leaves.map { leaf throws(TensorError) in try Tensor.zeros(leaf.shape, on: leaf.device) }
    var terms: [GeneratorTerm: TermValue] = [:]
    for term in GeneratorTerm.allCases where term.weight(options) > 0 {
      var weight = term.weight(options)
      let value = try loss(term)
      if options.learnsWeights {
        weight *= progress.adversarial?.uncertainty.weight(of: term.rawValue) ?? 1
        progress.adversarial?.uncertainty.learn(term.rawValue, loss: try value.item())
      }
      var squares = 0.0
      for (index, gradient) in try Gradients.of(value * weight, by: leaves, retainsGraph: true).enumerated() {
        guard let gradient else { continue }
        try total[index].accumulate(gradient)
        squares += try gradient.squared().sum().item()
      }
      terms[term] = TermValue(loss: try value.item(), weight: weight, gradientNorm: squares.squareRoot())
    }
    try ((source.tokens * total[0]).sum() + (source.planes * total[1]).sum()).backward()
    return GeneratorStep(
      takes: try takes.ids.map { Take(tokens: $0, promptCount: 0) }, length: length,
      logit: try heard.fake.combined(stage.weights).mean().item(), terms: terms)
  }
}
