/// The metrics of one step of an adversarial run: a line of its metrics file.
package struct AdversarialLine: StepMetrics, Hashable {
  package var step: Int
  /// Training time in seconds, summed over all parts of a run that was stopped and resumed.
  package var seconds: Double
  /// The critic's mean logit of the takes, all scales combined: higher if it takes them for real music.
  package var logit: Double?
  /// The scales that teach.
  package var stage: CriticStage
  package var policyLoss: Double?
  /// The norm of the policy gradient alone.
  package var policyGradientNorm: Double?
  /// The terms of the loss of relaxed takes.
  package var terms: [GeneratorTerm: TermValue]?
  /// The loss of the likelihood ratio.
  package var ratio: RatioValue?
  /// The reconstruction loss on real music, −log p(x | z); nil if it has no weight.
  package var natsPerToken: Double?
  /// The norm of the total gradient before clipping.
  package var gradientNorm: Double
  /// KL of the model from the initial model, estimated on a few of its takes, in nats per token; with the likelihood
  /// ratio that of the initial model from the model.
  package var divergence: Double
  /// Its moving average.
  package var meanDivergence: Double
  /// The share of distinct n-grams in the takes (see `TakeDiversity`).
  package var diversity: Double?
  /// Its moving average relative to that of the first steps.
  package var relativeDiversity: Double?
  /// The critic's loss on the takes of the step and on real music, before it has learned from them.
  package var criticLoss: Double?
  /// Nil for a critic that is fitted anew in each step.
  package var criticGradientNorm: Double?
}

/// The terms of the generator's loss that a critic gives for relaxed takes.
package enum GeneratorTerm: String, Codable, CodingKeyRepresentable, CaseIterable, Sendable {
  case adversarial, featureMatching, perceptual

  /// The weight in the settings.
  func weight(_ settings: Settings.Adversarial) -> Double {
    switch self {
    case .adversarial: settings.weight
    case .featureMatching: settings.featureMatchingWeight
    case .perceptual: settings.perceptualWeight
    }
  }
}

/// The likelihood ratio as a discriminator in one step.
package struct RatioValue: Codable, Hashable, Sendable {
  package var loss: Double
  /// The mean log-likelihood ratio of model and initial model for real music and for takes, in nats.
  package var real: Double
  package var fake: Double
}

/// A term of the generator's loss in one step.
package struct TermValue: Codable, Hashable, Sendable {
  package var loss: Double
  /// Including its learned part.
  package var weight: Double
  /// The norm of the weighted gradient with respect to the relaxed tokens.
  package var gradientNorm: Double
}

/// The state of an adversarial run that a checkpoint holds in addition to `Progress`.
package struct AdversarialProgress: Codable, Hashable, Sendable {
  /// Nil if the run has no critic that was trained before.
  var critic: CriticProgress?
  var uncertainty = UncertaintyWeights()
  private var first = 0.0
  private var recent = 0.0
  private var count = 0
  private var divergence = 0.0

  /// The number of initial steps whose mean diversity is the reference.
  private static let firstSteps = 10

  init(critic: CriticProgress?) { self.critic = critic }

  /// Updates the moving average of the KL with that of a step, and returns it. It begins with 0, the KL of the initial model.
  mutating func meanDivergence(_ value: Double) -> Double {
    divergence = 0.8 * divergence + 0.2 * value
    return divergence
  }

  /// Updates the moving average of diversity with the diversity of a step.
  ///
  /// - Returns: The moving average relative to the first steps; nil during these steps.
  mutating func relative(_ diversity: Double?) -> Double? {
    guard let diversity else { return nil }
    count += 1
    recent = count == 1 ? diversity : 0.9 * recent + 0.1 * diversity
    if count <= Self.firstSteps { first += diversity / Double(Self.firstSteps) }
    return count > Self.firstSteps ? recent / first : nil
  }
}
