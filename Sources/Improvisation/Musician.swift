package import MusicCore
package import MusicTokens

/// What is to be generated.
package struct PlanRequest: Sendable {
  /// The step at which the stretch begins: everything before it is decided.
  package var from: Int
  /// The step up to which to plan.
  package var until: Int
  /// The step by which the first note starts.
  package var latestOnset: Int?
  /// The step from which on a phrase may end, and at which it does.
  package var mayEndFrom: Int
  package var end: Int
  /// The number of candidates.
  package var candidates: Int
  /// The number of tokens after which no further candidate is begun.
  package var budget: Int
  /// Pitches that the human holds, a bit each.
  package var foreign: PitchSet
  package var call: Call
  /// The quantizer that will move the music to a grid; nil for none.
  package var quantizer: Quantizer?
  package var isFirst: Bool
  /// Where the stretch may be over before `until`; nil where it may not.
  package var cut: Cut?
  /// Whether the human goes on playing meanwhile.
  package var isBeside = false
  /// The chord that notes start on; nil for none.
  package var chord: ChordZone.Chord?

  /// Where a stretch may be cut short, so that it is soon ready: at a time shift from this step on, after this number of tokens.
  package struct Cut: Hashable, Sendable {
    package var from: Int
    package var tokens: Int

    package init(from: Int, tokens: Int) { (self.from, self.tokens) = (from, tokens) }
  }

  package init(
    from: Int, until: Int, latestOnset: Int?, mayEndFrom: Int, end: Int, candidates: Int, budget: Int,
    foreign: PitchSet, call: Call, quantizer: Quantizer? = nil, isFirst: Bool, cut: Cut? = nil
  ) {
    (self.from, self.until, self.latestOnset) = (from, until, latestOnset)
    (self.mayEndFrom, self.end) = (mayEndFrom, end)
    (self.candidates, self.budget) = (candidates, budget)
    (self.foreign, self.call, self.quantizer, self.isFirst) = (foreign, call, quantizer, isFirst)
    self.cut = cut
  }
}

/// A stretch of music that was generated.
package struct Segment: Sendable {
  package var events: [PlannedEvent] = []
  /// The step up to which it is planned.
  package var until: Int
  /// Whether the phrase ends with it.
  package var isLast: Bool
  /// The cost by which it was chosen.
  package var cost = AnswerCost()
  /// The number of candidates, and of the tokens that were sampled for them.
  package var candidates = 1
  package var tokens = 0

  package init(until: Int, isLast: Bool) { (self.until, self.isLast) = (until, isLast) }
}

/// A source of music that continues what was heard. It generates in small steps, so that between them
/// other work can be done.
package protocol Musician: AnyObject {
  /// Records what the human does, when it happens.
  func receive(_ message: ChannelMessage, at tick: Tick)
  /// Analyzes what was played recently, above all its key; called from time to time, not during an answer.
  func reflect(at tick: Tick)
  /// Reads the tokens that have become final, and then those that are planned after them.
  func hear(_ certain: [Token], planned: [Token])
  /// Conditions on the latents of music, such as what the human has just played.
  func attune(to music: [Token])
  /// Begins to generate; discards what was being generated.
  func begin(_ request: PlanRequest)
  /// Generates a little; returns the stretch once it is whole.
  func think() -> Segment?
  var isThinking: Bool { get }
  /// Discards what is being generated.
  func forget()
  /// Applies an adjustment from now on.
  func adjust(_ adjustment: Adjustment)
}
