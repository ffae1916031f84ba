internal import Files

/// What is known of one step of an adversarial run: a line of its metrics file.
package struct AdversarialLine: StepMetrics, Hashable {
  package var step: Int
  /// Time spent training, over all parts of a run that was stopped and resumed.
  package var seconds: Double
  /// The mean logit of the critic for the takes, all scales together: higher where it takes them for real music.
  package var logit: Double
  package var policyLoss: Double
  /// The norm of the policy gradient alone.
  package var policyGradientNorm: Double
  /// Of real music, given latents.
  package var natsPerToken: Double
  /// Before clipping, all terms together.
  package var gradientNorm: Double
  /// KL of the model from where it began, on its own takes, in nats a token.
  package var divergence: Double
  /// The share of different figures of the takes.
  package var diversity: Double?
  /// The same in a moving mean, against that of the first steps.
  package var relativeDiversity: Double?
  package var criticLoss: Double
  package var criticGradientNorm: Double
}

/// What an adversarial run goes on from beside the progress of any run.
package struct AdversarialProgress: Codable, Hashable, Sendable {
  var critic: CriticProgress
  private var first = 0.0
  private var recent = 0.0
  private var count = 0

  /// Diversity is measured against the mean of so many steps.
  private static let firstSteps = 10

  init(critic: CriticProgress) { self.critic = critic }

  /// Takes in the diversity of a step.
  ///
  /// - Returns: The moving mean over that of the first steps; nil while these go on.
  mutating func relative(_ diversity: Double?) -> Double? {
    guard let diversity else { return nil }
    count += 1
    recent = count == 1 ? diversity : 0.9 * recent + 0.1 * diversity
    if count <= Self.firstSteps { first += diversity / Double(Self.firstSteps) }
    return count > Self.firstSteps ? recent / first : nil
  }
}

/// The folder of an adversarial run.
package struct AdversarialFolder: Hashable, Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The model, with the state of its training beside it.
  package var last: String { path + "/last.safetensors" }
  /// The critic as it has become.
  package var criticState: String { path + "/critic.state.safetensors" }
  /// The parameters that the takes of a step are made with.
  var policy: String { path + "/policy.safetensors" }
  package var settings: String { path + "/settings.yaml" }
  package var metrics: String { path + "/metrics.jsonl" }

  package var hasCheckpoint: Bool { FileSystem.isThere(last) }
}
