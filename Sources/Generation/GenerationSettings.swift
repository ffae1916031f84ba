/// What a take is made of.
public struct GenerationSettings: Sendable {
  public var seed: UInt64
  public var sampling = SamplingOptions()
  public var constraints = Constraints.none
  public var latents = LatentSource.prior
  /// Its own latents are heard in the prompt, and not taken from `latents`.
  public var prompt: Prompt?
  /// In ticks of 1/64 s, the prompt aside; nil for as long as the model likes.
  public var length: Int?
  /// Whether the model may end the take before its length is reached.
  public var mayEnd = true
  /// Who chooses among candidates for each phrase; nil takes what the model plays.
  public var choice: CandidateChoice?

  public init(seed: UInt64) { self.seed = seed }
}
