/// What is known of a run at one step: a line of its metrics file.
///
/// Losses are means since the line before; a figure that is not finite is left out.
package struct MetricsLine: StepMetrics, Hashable {
  /// Steps of the optimizer that are done.
  package var step: Int
  /// Tokens that were predicted so far, padding not counted.
  package var tokens: Int
  /// Time spent training, over all parts of a run that was stopped and resumed.
  package var seconds: Double
  package var tokensPerSecond: Double?
  package var learningRate: Double?
  package var beta: Double?
  /// Tokens of a whole window.
  package var windowLength: Int?
  package var training: Losses?
  /// On held-out pieces.
  package var validation: Losses?
  /// The norm before clipping.
  package var gradientNorm: Double?
  /// Steps left out because they were not finite, so far.
  package var skippedSteps: Int?

  package init(step: Int, tokens: Int, seconds: Double) {
    self.step = step
    self.tokens = tokens
    self.seconds = seconds
  }
}

/// Losses as means over a set of windows.
package struct Losses: Codable, Hashable, Sendable {
  /// Cross-entropy of the next token.
  package var natsPerToken: Double?
  /// Reconstruction and the whole KL, which bounds the likelihood; the same as `natsPerToken` without latents.
  package var boundNatsPerToken: Double?
  /// What is minimised: reconstruction and the weighted KL above its free bits.
  package var total: Double?
  /// The KL of the levels.
  package var kl: [Level]?

  package struct Level: Codable, Hashable, Sendable {
    package var level: String
    package var natsPerWindow: Double?
    package var natsPerToken: Double?

    package init(level: String, natsPerWindow: Double?, natsPerToken: Double?) {
      self.level = level
      self.natsPerWindow = natsPerWindow?.ifFinite
      self.natsPerToken = natsPerToken?.ifFinite
    }
  }

  package init(natsPerToken: Double?, boundNatsPerToken: Double?, total: Double?, kl: [Level]?) {
    self.natsPerToken = natsPerToken?.ifFinite
    self.boundNatsPerToken = boundNatsPerToken?.ifFinite
    self.total = total?.ifFinite
    self.kl = kl
  }
}

extension Double {
  /// Nil for infinities and NaN, which JSON has not.
  var ifFinite: Double? { isFinite ? self : nil }
}
