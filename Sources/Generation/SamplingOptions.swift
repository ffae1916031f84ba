/// How a token is chosen among those that are possible.
///
/// Temperature divides the logits; then only the `topK` most probable stay, then the fewest of these that have `topP` of
/// their probability together (nucleus sampling, Holtzman 2020), then those at least `minP` times as probable as the most
/// probable (Nguyen 2024).
public struct SamplingOptions: Hashable, Sendable {
  /// 0 takes the most probable token always.
  public var temperature: Float
  /// Nil for all.
  public var topK: Int?
  /// 1 for all.
  public var topP: Float
  /// 0 for all.
  public var minP: Float

  public init(temperature: Float = 1, topK: Int? = nil, topP: Float = 1, minP: Float = 0) {
    precondition(temperature >= 0 && temperature.isFinite, "a temperature is not negative")
    precondition(topK ?? 1 > 0, "at least one token stays")
    precondition(topP > 0 && topP <= 1 && minP >= 0 && minP <= 1, "probabilities are 0…1")
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
  }
}
