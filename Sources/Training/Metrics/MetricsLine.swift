/// The metrics of a run at one step: a line of its metrics file.
///
/// Losses are means since the previous line; values that are not finite are left out.
package struct MetricsLine: StepMetrics, Hashable {
  /// The number of optimizer steps.
  package var step: Int
  /// The number of tokens predicted so far, without padding.
  package var tokens: Int
  /// Training time in seconds, summed over all parts of a run that was stopped and resumed.
  package var seconds: Double
  package var tokensPerSecond: Double?
  package var learningRate: Double?
  package var beta: Double?
  /// The number of tokens of a full window.
  package var windowLength: Int?
  package var training: Losses?
  /// Losses on held-out pieces.
  package var validation: Losses?
  /// The gradient norm before clipping.
  package var gradientNorm: Double?
  /// The number of skipped steps so far, whose loss or gradient was not finite.
  package var skippedSteps: Int?

  package init(step: Int, tokens: Int, seconds: Double) {
    self.step = step
    self.tokens = tokens
    self.seconds = seconds
  }
}

/// Losses as means over a set of windows.
package struct Losses: Codable, Hashable, Sendable {
  /// The cross-entropy of the next token.
  package var natsPerToken: Double?
  /// The negative evidence lower bound: reconstruction plus total KL; equal to `natsPerToken` without latents.
  package var boundNatsPerToken: Double?
  /// The training objective: reconstruction plus weighted KL with free bits.
  package var total: Double?
  /// The KL by level.
  package var kl: [Level]?
  /// −log p of chord charts, in nats per chord.
  package var chartNatsPerChord: Double?

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

  package init(
    natsPerToken: Double?, boundNatsPerToken: Double?, total: Double?, kl: [Level]?, chartNatsPerChord: Double? = nil
  ) {
    self.natsPerToken = natsPerToken?.ifFinite
    self.boundNatsPerToken = boundNatsPerToken?.ifFinite
    self.total = total?.ifFinite
    self.kl = kl
    self.chartNatsPerChord = chartNatsPerChord?.ifFinite
  }
}

extension Double {
  /// Nil for infinities and NaN, which JSON cannot represent.
  var ifFinite: Double? { isFinite ? self : nil }
}
