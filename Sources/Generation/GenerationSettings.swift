public import MusicCore

/// The settings of one take.
public struct GenerationSettings: Sendable {
  /// The seed of all random numbers: the same seed gives the same take.
  public var seed: UInt64
  /// How tokens are sampled from the logits.
  public var sampling = SamplingOptions()
  /// Hard constraints on the notes.
  public var constraints = Constraints.none
  /// Where the latents come from.
  public var latents = LatentSource.prior
  /// The chords of the take, for a model that reads them.
  public var harmony = Harmony.composed(ChartSampling())
  /// The music to continue. Its latents are inferred from it and not taken from `latents`.
  public var prompt: Prompt?
  /// The length without the prompt; nil for no limit.
  public var length: TokenTime?
  /// The statistics that the take is to have; nil for those of the model.
  public var adaptation: MarginalAdaptation?
  /// The form of the take, which then needs a length and does not end before it; nil for none.
  public var form: Form?
  /// Whether the model may end the take before its length is reached.
  public var mayEnd = true
  /// The length before which the model may not end the take.
  public var minimumLength = TokenTime.zero
  /// Whether a take that would reach its length ends before, at the best end found (see `Closing`).
  public var closes = false
  /// How a critic selects among candidates for each phrase; nil samples from the model alone.
  public var choice: CandidateChoice?
  /// The number of threads that sample candidates and endings; the take does not depend on it.
  public var threads = 1

  /// Creates settings with the defaults.
  public init(seed: UInt64) { self.seed = seed }
}
