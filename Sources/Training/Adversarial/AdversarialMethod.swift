/// A method of adversarial training: where the gradient of the generator comes from. There is a type for each
/// `Settings.AdversarialGradient`.
protocol AdversarialMethod {
  /// The progress of the critic that was trained before the run; nil if there is none.
  var criticProgress: CriticProgress? { get }

  /// Samples takes and accumulates the gradient of the generator.
  func generatorStep(_ progress: inout Progress, _ stage: CriticStage) throws -> GeneratorStep

  /// Updates the critic on the takes of a step and on real music.
  ///
  /// - Returns: Its loss, and the norm of its gradient if it has one; nil if nothing is updated.
  func updateCritic(
    after generated: GeneratorStep, step: Int, _ stage: CriticStage
  ) throws -> (loss: Double, gradientNorm: Double?)?

  /// Writes the critic to the folder of the run.
  func save(_ progress: Progress) throws
}

extension AdversarialMethod {
  var criticProgress: CriticProgress? { nil }
}

/// The takes of a step, and the losses and gradients that they gave.
struct GeneratorStep {
  var takes: [Take]
  /// The number of tokens of the stretches that the critic learns from.
  var length = Cut.length
  /// The critic's mean logit of the takes.
  var logit: Double?
  var policy: (loss: Double, gradientNorm: Double)?
  var terms: [GeneratorTerm: TermValue]?
  var ratio: RatioValue?
  /// The mean states over the phrases of the takes.
  var phrases: [[Float]] = []
  /// The KL of the initial model from the model, in nats per token; nil if it is to be estimated on the takes.
  var divergence: Double?

  /// The values by name, which must be finite.
  var quantities: [(name: String, value: Double)] {
    (logit.map { [("the critic's logit", $0)] } ?? []) + (ratio.map { [("the loss of the ratio", $0.loss)] } ?? [])
      + (policy.map { [("the policy gradient", $0.gradientNorm)] } ?? [])
      + (terms ?? [:]).flatMap { [("the \($0.key) loss", $0.value.loss), ("its gradient", $0.value.gradientNorm)] }
  }
}
