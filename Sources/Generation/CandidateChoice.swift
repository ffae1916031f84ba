public import Inference
internal import MusicTokens

/// How a take is made of the best of several candidates for each phrase.
public struct CandidateChoice: Sendable {
  /// Who listens to them.
  public var critic: Critic
  /// How many candidates a phrase has, 2 or more.
  public var candidates: Int

  public init(critic: Critic, candidates: Int) {
    precondition(candidates > 1, "a choice is among two at least")
    self.critic = critic
    self.candidates = candidates
  }

  /// What came of the choices of a take.
  public struct Outcome: Hashable, Sendable {
    /// Phrases that were chosen.
    public internal(set) var phrases = 0
    /// The sum over them of how probable it is to the critic that what was chosen is real music.
    var chosen = 0.0
    /// The same of all candidates, in the mean of each phrase.
    var offered = 0.0

    /// The mean realism of what was chosen, 0…1; nil where the critic could judge nothing.
    public var realism: Double? { phrases > 0 ? chosen / Double(phrases) : nil }
    /// The mean realism of all candidates.
    public var realismOfCandidates: Double? { phrases > 0 ? offered / Double(phrases) : nil }
  }
}

/// What a critic has chosen and a session still gives out.
struct PlannedTokens {
  /// Tokens of a phrase: critic and latents have the same.
  static let phrase = 128

  private var tokens: ArraySlice<Token> = []
  /// How long they last, in ticks of 1/64 s.
  private(set) var ticks = 0
  /// What the critic has heard so far, as much of its end as it can hear again.
  var heard: [UInt16] = []
  var outcome = CandidateChoice.Outcome()
  /// The number of the next phrase.
  var index: UInt64 = 0

  /// Takes up a phrase.
  mutating func add(_ phrase: [Token]) {
    tokens = phrase[...]
    ticks = phrase.reduce(0) { $0 + $1.ticks }
    heard = (heard + phrase.map(\.rawValue)).suffix(1024)
    index += 1
  }

  mutating func next() -> Token? {
    guard let token = tokens.popFirst() else { return nil }
    ticks -= token.ticks
    return token
  }
}

extension Token {
  /// How long it lasts, in ticks of 1/64 s.
  fileprivate var ticks: Int {
    if case .timeShift(let ticks) = meaning { ticks } else { 0 }
  }
}
