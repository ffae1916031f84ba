public import Inference
internal import MusicTokens

/// How a take is sampled phrase by phrase: several candidates are generated, and a critic's scores select one of them.
public struct CandidateChoice: Sendable {
  /// The critic that scores the candidates.
  public var critic: Critic
  /// The number of candidates for each phrase, at least 2.
  public var candidates: Int
  /// Whether the critic's context head, if it has one, is used. It must have been fitted to the model of the take
  /// (`CriticMetadata.modelHash`).
  public var usesContext: Bool

  /// The exponent of the critic's odds as weights of the candidates. With 1 a perfect critic and many candidates would give
  /// the distribution of real music; four candidates come closer to it with a higher one (docs/adversarial.md).
  static let exponent = 2.5

  /// Creates a choice.
  public init(critic: Critic, candidates: Int, usesContext: Bool = false) {
    precondition(candidates > 1, "a choice is among two at least")
    self.critic = critic
    self.candidates = candidates
    self.usesContext = usesContext
  }

  /// Statistics of the selections of a take.
  public struct Outcome: Hashable, Sendable {
    /// The number of phrases in which the critic could score the candidate that was selected.
    public internal(set) var phrases = 0
    /// The sum over these phrases of the critic's probability that the selected candidate is real music.
    var chosen = 0.0
    /// The same sum for the mean over all candidates of each phrase.
    var offered = 0.0

    /// The mean realism of the selected candidates, 0…1; nil if the critic scored none.
    public var realism: Double? { phrases > 0 ? chosen / Double(phrases) : nil }
    /// The mean realism of all candidates, 0…1; nil if the critic scored none.
    public var realismOfCandidates: Double? { phrases > 0 ? offered / Double(phrases) : nil }
  }
}

/// The tokens that a critic selected and that a session has not returned yet.
struct QueuedTokens {
  /// The tokens of a phrase, the same as for critic and latents.
  static let phrase = 128
  /// The number of tokens before a phrase that a critic may know.
  static let context = 1024

  private var tokens: ArraySlice<Token> = []
  /// The duration of the tokens that are left, in ticks of 1/64 s.
  private(set) var ticks = 0
  /// The end of the take so far, prompt included: the critic's context.
  var heard: [UInt16] = []
  var outcome = CandidateChoice.Outcome()
  /// The index of the next phrase.
  var index: UInt64 = 0

  /// Queues the tokens of a phrase.
  mutating func add(_ phrase: [Token]) {
    tokens = phrase[...]
    ticks = phrase.ticks
    heard = (heard + phrase.map(\.rawValue)).suffix(Self.context)
    index += 1
  }

  mutating func next() -> Token? {
    guard let token = tokens.popFirst() else { return nil }
    ticks -= token.ticks
    return token
  }
}
