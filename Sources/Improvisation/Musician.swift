package import MusicCore
package import MusicTokens

/// What to think of.
package struct PlanRequest: Sendable {
  /// Nothing is planned before this step, and nothing at all up to it remains to be.
  package var from: Int
  /// The step up to which to plan.
  package var until: Int
  /// The step by which the first note starts.
  package var latestOnset: Int?
  /// The step from which on a phrase may end, and at which it does.
  package var mayEndFrom: Int
  package var end: Int
  /// How many ways to try.
  package var candidates: Int
  /// After how many tokens no other way is tried.
  package var budget: Int
  /// Pitches that the human holds, a bit each.
  package var foreign: PitchSet
  package var call: Call
  /// What is going to move the music to a grid; nil where nothing does.
  package var quantizer: Quantizer?
  package var isFirst: Bool
  /// Where the stretch may be over before `until`; nil where it may not.
  package var cut: Cut?
  /// Whether the human goes on playing meanwhile.
  package var isBeside = false
  /// The chord that notes start on; nil for none.
  package var chord: ChordZone.Chord?

  /// Where a stretch may be cut short, so that it is soon thought of: where time passes, from a step on, after so many tokens.
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

/// A stretch of music that was thought of.
package struct Segment: Sendable {
  package var events: [PlannedEvent] = []
  /// The step up to which it is planned.
  package var until: Int
  /// Whether the phrase ends with it.
  package var isLast: Bool
  /// What the choice was made by.
  package var cost = AnswerCost()
  /// How many ways were tried, and how many tokens that took.
  package var candidates = 1
  package var tokens = 0

  package init(until: Int, isLast: Bool) { (self.until, self.isLast) = (until, isLast) }
}

/// Someone who can think of music that goes on from what was heard. Thinking is done in small pieces, so that between them
/// something else can be attended to.
package protocol Musician: AnyObject {
  /// Takes note of what the human does, when it happens.
  func receive(_ message: ChannelMessage, at tick: Tick)
  /// Thinks about what was played of late, its key above all; from time to time, and not amid an answer.
  func reflect(at tick: Tick)
  /// Takes in what has become certain, and then what is planned after it.
  func hear(_ certain: [Token], planned: [Token])
  /// Takes on the manner of music, such as what the human has just played.
  func attune(to music: [Token])
  /// Begins to think; forgets what else was thought of.
  func begin(_ request: PlanRequest)
  /// Thinks a little; returns what came of it where it is done.
  func think() -> Segment?
  var isThinking: Bool { get }
  /// Forgets what is thought of.
  func forget()
  /// Plays otherwise from now on.
  func adjust(_ adjustment: Adjustment)
}
