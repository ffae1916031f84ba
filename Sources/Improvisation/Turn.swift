package import MusicCore

/// The report of a turn of the machine.
package struct Turn: Sendable {
  /// Why a turn ended.
  package enum Ending: String, Sendable {
    /// The human came in.
    case player
    /// It reached its intended length.
    case length
    /// The human took the turn back by a signal.
    case signal
    /// The session was stopped.
    case stop
  }

  /// When the machine took the turn.
  package var start: Tick
  package var handover: Handover
  /// The number of notes of the call that it answers.
  package var callNotes: Int
  /// The first onset; nil if nothing was played.
  package var firstOnset: Tick?
  package var lastOnset: Tick?
  package var end: Tick?
  package var ending: Ending?
  package var notes = 0
  /// The time that generating its first stretch took; nil if it was not measured.
  package var decisionMilliseconds: Double?
  /// The number of candidates for its first stretch, and the number of all tokens generated.
  package var candidates = 0
  package var tokens = 0
  /// The number of tokens generated for its first stretch: the cost of the decision, independent of the machine.
  package var decisionTokens = 0
  /// The adopted key when its first stretch was generated; nil if there was none.
  package var key: Key?
  /// The cost by which its first stretch was chosen.
  package var cost = AnswerCost()
}
