package import MusicCore

/// A turn of the machine, as it is reported.
package struct Turn: Sendable {
  /// Why a turn was over.
  package enum Ending: String, Sendable {
    /// The human came in.
    case player
    /// It was as long as it was to be.
    case length
    /// The human wanted the turn back.
    case signal
    /// Nothing may be played any more.
    case stop
  }

  /// When the machine took the turn.
  package var start: Tick
  package var handover: Handover
  /// How many notes the call had that it answers.
  package var callNotes: Int
  /// The first onset; nil where nothing was played.
  package var firstOnset: Tick?
  package var lastOnset: Tick?
  package var end: Tick?
  package var ending: Ending?
  package var notes = 0
  /// How long thinking of its first stretch took; nil where nobody measured.
  package var decisionMilliseconds: Double?
  /// How many ways were tried for its first stretch, and all tokens that were thought of.
  package var candidates = 0
  package var tokens = 0
  /// How many tokens of these its first stretch took: what its decision costs, on any machine.
  package var decisionTokens = 0
  /// What the choice of its first stretch was made by.
  package var cost = AnswerCost()
}
