internal import Layers
internal import ModelFormat
internal import MusicFeatures
internal import Tensors
internal import VAEGAN

/// A critic with its optimizer, trained step by step.
final class CriticLearner {
  let critic: Discriminator
  let optimizer: AdamW
  private let settings: Settings

  init(_ settings: Settings, on device: Device, seed: UInt64) throws {
    self.settings = settings
    critic = try Discriminator(settings.critic.configuration, on: device, generator: Generator(seed: seed))
    optimizer = try AdamW(critic.parameters.parameters, settings: AdamW.Settings(settings.optimizer))
  }

  /// The quantities of a training step.
  struct Step {
    let real: CriticOutput
    let fake: CriticOutput
    let loss: Double
    /// The norm before clipping.
    let gradientNorm: Double
    /// The gradient penalty at real music; nil in steps without it.
    let penalty: Double?
  }

  /// Makes a training step on stretches of real music and of takes.
  ///
  /// - Parameters:
  ///   - weights: the weight of each scale.
  ///   - step: the index of the step; the gradient penalty is applied at regular intervals (lazy regularization).
  /// - Throws: `TensorError`, or `TrainingError.diverged` if loss or gradient are not finite.
  func learn(
    real: [TokenWindow], fake: [TokenWindow], weights: PerLevel<Double>, learningRate: Double, step: Int
  ) throws -> Step {
    try critic.updateNorms(iterations: settings.critic.normIterations)
    try optimizer.clearGradients()
    let embedded = (real: try critic.embed(input(real)), fake: try critic.embed(input(fake)))
    let heard = (real: try critic(embedded.real), fake: try critic(embedded.fake))
    var loss = try settings.critic.loss.ofCritic(real: heard.real, fake: heard.fake, weights: weights)
    let value = try loss.item()
    var penalty: Double?
    if settings.critic.slopePenalty > 0, step % settings.critic.slopeEverySteps == 0 {
      let slope = try slope(embedded.real, embedded.fake, weights, step: step)
      penalty = try slope.item()
      // Scaled by the interval, as if it were applied in every step.
      loss = try loss + slope * (settings.critic.slopePenalty / 2 * Double(settings.critic.slopeEverySteps))
    }
    try loss.backward()
    let norm = try GradientClipping.norm(of: optimizer.parameters)
    guard norm.isFinite, value.isFinite else {
      throw TrainingError.diverged(
        steps: 1, at: step,
        TensorError(operation: "critic step", operands: [], reason: "loss or gradient is not finite"))
    }
    if let limit = settings.optimizer.clip { try GradientClipping.clip(optimizer.parameters, norm: norm, to: limit) }
    try optimizer.step(learningRate: learningRate)
    return Step(real: heard.real, fake: heard.fake, loss: value, gradientNorm: norm, penalty: penalty)
  }

  /// The gradient penalty of the settings, a scalar.
  private func slope(
    _ real: Discriminator.Embedded, _ fake: Discriminator.Embedded, _ weights: PerLevel<Double>, step: Int
  ) throws(TensorError) -> Tensor {
    func squared(_ side: Discriminator.Embedded) throws(TensorError) -> Tensor {
      try GradientPenalty.squaredSlope(at: side.input) { x throws(TensorError) in
        try critic(Discriminator.Embedded(input: x, features: side.features, mask: side.mask)).combined(weights)
      }
    }
    switch settings.critic.slope {
    case .real: return try squared(real)
    case .both: return try squared(real) + squared(fake)
    case .between:
      let shares = try Generator(seed: UInt64(step)).uniform([real.input.shape[0], 1, 1], on: real.input.device)
      let features = try real.features + (fake.features - real.features) * shares
      return try GradientPenalty.unitSlope(between: real.input, fake.input, at: shares) { x throws(TensorError) in
        try critic(Discriminator.Embedded(input: x, features: features, mask: real.mask)).combined(weights)
      }
    }
  }

  private func input(_ stretches: [TokenWindow]) throws(TensorError) -> CriticInput {
    try CriticInput(stretches, multiple: critic.configuration.windows.global, on: critic.parameters.device)
  }
}
