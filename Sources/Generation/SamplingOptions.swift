/// How a token is chosen among those that are possible.
///
/// Temperature divides the logits; then only the `topK` most probable stay, then the fewest of these that have `topP` of
/// their probability together (nucleus sampling, Holtzman 2020), then those at least `minP` times as probable as the most
/// probable (Nguyen 2024). Before all that pitches are weighted by what sounded lately: see `tonality` and
/// `repetitionPenalty`.
public struct SamplingOptions: Hashable, Sendable {
  /// 0 takes the most probable token always.
  public var temperature: Float
  /// Nil for all.
  public var topK: Int?
  /// 1 for all.
  public var topP: Float
  /// 0 for all.
  public var minP: Float
  /// The power to which the pitch classes of the key that the last notes are in count: the probability of a pitch is
  /// multiplied by (12 p)^tonality, where p is how probable its pitch class is in that key. 0 leaves pitches to the model.
  public var tonality: Float
  /// How much less probable a pitch is that was struck this moment, in nats; a pitch struck a second ago is as probable as
  /// the model says. 0 for none.
  public var repetitionPenalty: Float

  public init(
    temperature: Float = 1, topK: Int? = nil, topP: Float = 1, minP: Float = 0, tonality: Float = 0,
    repetitionPenalty: Float = 0
  ) {
    precondition(temperature >= 0 && temperature.isFinite, "a temperature is not negative")
    precondition(topK ?? 1 > 0, "at least one token stays")
    precondition(topP > 0 && topP <= 1 && minP >= 0 && minP <= 1, "probabilities are 0…1")
    precondition(tonality >= 0 && tonality.isFinite, "a tonality is not negative")
    precondition(repetitionPenalty >= 0 && repetitionPenalty.isFinite, "a penalty is not negative")
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.tonality = tonality
    self.repetitionPenalty = repetitionPenalty
  }
}
