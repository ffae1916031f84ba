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
    let embedded = try critic.embed(input(real))
    let heard = (real: try critic(embedded), fake: try critic(input(fake)))
    var loss = try settings.critic.loss.ofCritic(real: heard.real, fake: heard.fake, weights: weights)
    let value = try loss.item()
    var penalty: Double?
    if settings.critic.slopePenalty > 0, step % settings.critic.slopeEverySteps == 0 {
      let slope = try GradientPenalty.squaredSlope(at: embedded.input) { x throws(TensorError) in
        try critic(Discriminator.Embedded(input: x, features: embedded.features, mask: embedded.mask))
          .combined(weights)
      }
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

  private func input(_ stretches: [TokenWindow]) throws(TensorError) -> CriticInput {
    try CriticInput(stretches, multiple: critic.configuration.windows.global, on: critic.parameters.device)
  }
}
