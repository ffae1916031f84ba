package import MusicCore
package import MusicTokens

/// A request for a stretch of music.
package struct PlanRequest: Sendable {
  /// The step at which the stretch begins: everything before it is decided.
  package var from: Int
  /// The step up to which to plan.
  package var until: Int
  /// The step by which the first note must start.
  package var latestOnset: Int?
  /// The step from which on the phrase may end, and the step at which it must.
  package var mayEndFrom: Int
  package var end: Int
  /// The number of candidates.
  package var candidates: Int
  /// The number of tokens after which no further candidate is begun.
  package var budget: Int
  /// The pitches that the human holds.
  package var foreign: PitchSet
  package var call: Call
  /// The quantizer that will move the music to a grid; nil for none.
  package var quantizer: Quantizer?
  package var isFirst: Bool
  /// Where the stretch may end before `until`; nil if it may not.
  package var cut: Cut?
  /// The latest onsets of the same answer, by rising tick.
  package var earlier: [PlannedEvent] = []
  /// The side on which to play while the human keeps playing; nil if the human does not.
  package var side: Side?
  /// The chord that notes are to fit; nil for none.
  package var chord: ChordZone.Chord?
  /// The pitch classes that would clash with what the human plays.
  package var clashing = PitchClassSet()

  /// The latest step at which a note may start. Before the phrase must end, the last chord has time to sound: twice the
  /// call's pace, but at least a quarter of a second and at most a second.
  package var latestStart: Int { max(mayEndFrom, end - steps(min(1, max(0.25, 2 * call.pace)))) }

  /// Where a stretch may be cut short to be ready sooner: at a time shift from this step on, after this number of
  /// tokens.
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
  /// The adopted key; nil if there was none, or if the key was fixed.
  package var key: Key?
  /// The number of candidates, and the number of tokens sampled for them.
  package var candidates = 1
  package var tokens = 0

  package init(until: Int, isLast: Bool) { (self.until, self.isLast) = (until, isLast) }
}

/// A source of music that continues what was heard. It generates in small steps, between which other work can be done.
package protocol Musician: AnyObject {
  /// Records what the human does, when it happens.
  func receive(_ message: ChannelMessage, at tick: Tick)
  /// Begins to estimate the key of the recent music, and uses the previous estimate from now on; called about once per
  /// second.
  ///
  /// - Parameter waiting: whether the new estimate is waited for and used at once.
  func reflect(at tick: Tick, waiting: Bool)
  /// Reads the tokens that have become final, and then those that are planned after them.
  func hear(_ certain: [Token], planned: [Token])
  /// Begins to compute the latents of music, such as what the human has just played, and does not wait for them.
  func study(_ music: [Token])
  /// Conditions generation on the latents of the music studied last, which are waited for.
  func attune()
  /// Begins to generate; discards what was being generated.
  func begin(_ request: PlanRequest)
  /// Takes one step of generation; returns the stretch once it is complete.
  func think() -> Segment?
  var isThinking: Bool { get }
  /// Discards what is being generated.
  func forget()
  /// Applies an adjustment from now on.
  func adjust(_ adjustment: Adjustment)
}
