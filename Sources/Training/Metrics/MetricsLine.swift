/// What is known of a run at one step: a line of its metrics file.
///
/// Losses are means since the line before; a figure that is not finite is left out.
public struct MetricsLine: Codable, Hashable, Sendable {
  /// Steps of the optimizer that are done.
  public var step: Int
  /// Tokens that were predicted so far, padding not counted.
  public var tokens: Int
  /// Time spent training, over all parts of a run that was stopped and resumed.
  public var seconds: Double
  public var tokensPerSecond: Double?
  public var learningRate: Double?
  public var beta: Double?
  /// Tokens of a whole window.
  public var windowLength: Int?
  public var training: Losses?
  /// On held-out pieces.
  public var validation: Losses?
  /// The norm before clipping.
  public var gradientNorm: Double?
  /// Steps left out because they were not finite, so far.
  public var skippedSteps: Int?

  public init(step: Int, tokens: Int, seconds: Double) {
    self.step = step
    self.tokens = tokens
    self.seconds = seconds
  }
}

/// Losses as means over a set of windows.
public struct Losses: Codable, Hashable, Sendable {
  /// Cross-entropy of the next token.
  public var natsPerToken: Double?
  /// Reconstruction and the whole KL, which bounds the likelihood; the same as `natsPerToken` without latents.
  public var boundNatsPerToken: Double?
  /// What is minimised: reconstruction and the weighted KL above its free bits.
  public var total: Double?
  /// The KL of the levels.
  public var kl: [Level]?

  public struct Level: Codable, Hashable, Sendable {
    public var level: String
    public var natsPerWindow: Double?
    public var natsPerToken: Double?

    public init(level: String, natsPerWindow: Double?, natsPerToken: Double?) {
      self.level = level
      self.natsPerWindow = natsPerWindow?.ifFinite
      self.natsPerToken = natsPerToken?.ifFinite
    }
  }

  public init(natsPerToken: Double?, boundNatsPerToken: Double?, total: Double?, kl: [Level]?) {
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
