/// How the next token is sampled.
///
/// Logits are divided by the temperature. Then only the `topK` most probable tokens are kept (top-k), of these the
/// smallest set with a total probability of at least `topP` (nucleus sampling, Holtzman 2020), and of these the tokens
/// at least `minP` times as probable as the most probable one (min-p, Nguyen 2024). Before all of this, the logits of
/// pitches are adjusted by the recent notes: see `tonality`, `repetitionPenalty` and
/// `recurrence`.
public struct SamplingOptions: Hashable, Sendable {
  /// 0 for greedy decoding: always the most probable token.
  public var temperature: Float
  /// Nil for no limit.
  public var topK: Int?
  /// 1 for no limit.
  public var topP: Float
  /// 0 for no limit.
  public var minP: Float
  /// The strength of the bias towards the current key: the probability of a pitch is multiplied by min(1, p / .055)^tonality,
  /// where p is the probability of its pitch class in the key of the recent notes and of all. 0 for no bias.
  public var tonality: Float
  /// The penalty on a pitch that has just started, in nats; it decays linearly to 0 within a second. 0 for none.
  public var repetitionPenalty: Float
  /// The weight of the figure caches, at least 0 and below 1: if the last notes are a figure that was played before, at
  /// any transposition, the next pitch is with this probability the one that followed it then, otherwise the model's
  /// choice. A figure that was played often already is avoided instead. 0 disables the caches.
  public var recurrence: Float
  /// The probability that a time shift that ends within 2 ticks (31 ms) of the pulse of the notes so far is moved onto
  /// it; 0 for free time. Music without a pulse is not changed.
  public var steadiness: Float

  /// Creates options; the defaults sample from the model's own distribution.
  public init(
    temperature: Float = 1, topK: Int? = nil, topP: Float = 1, minP: Float = 0, tonality: Float = 0,
    repetitionPenalty: Float = 0, recurrence: Float = 0, steadiness: Float = 0
  ) {
    precondition(temperature >= 0 && temperature.isFinite, "a temperature is not negative")
    precondition(topK ?? 1 > 0, "at least one token stays")
    precondition(topP > 0 && topP <= 1 && minP >= 0 && minP <= 1, "probabilities are 0…1")
    precondition(tonality >= 0 && tonality.isFinite, "a tonality is not negative")
    precondition(repetitionPenalty >= 0 && repetitionPenalty.isFinite, "a penalty is not negative")
    precondition(recurrence >= 0 && recurrence < 1, "the weight of a cache is below 1")
    precondition(steadiness >= 0 && steadiness <= 1, "a probability is 0…1")
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.tonality = tonality
    self.repetitionPenalty = repetitionPenalty
    self.recurrence = recurrence
    self.steadiness = steadiness
  }
}
